import { randomBytes } from 'node:crypto'
import type { EmbeddingTable } from './embedding-table.js'
import { hasManifest, loadSnapshot, removeSnapshot, saveSnapshot } from './graph-snapshot.js'
import type { GrowingGraph } from './growing-graph.js'
import type { GraphSettings, HnswGraph } from './hnsw-graph.js'
import type { Database } from './versioned-database.js'

export type Log = (level: 'info' | 'warn', message: string, details: object) => void

/**
 * Loads and saves the graph of one collection. Each snapshot has a token that items.db knows too, so that a graph of
 * another state of the truth (an older items.db put back, embeddings numbered anew) is never taken for this one.
 */
export class SnapshotKeeper {
  readonly #folder: string
  readonly #settings: GraphSettings
  readonly #database: Database
  readonly #log: Log

  constructor(folder: string, settings: GraphSettings, database: Database, log: Log) {
    this.#folder = folder
    this.#settings = settings
    this.#database = database
    this.#log = log
  }

  /** The saved graph; null where there is none that can be used, which is logged unless none was ever saved. */
  load(table: EmbeddingTable): HnswGraph | null {
    const tokens = readTokens(this.#database)
    if (tokens.length === 0 && !hasManifest(this.#folder)) return null
    try {
      return loadSnapshot(this.#folder, this.#settings, tokens, table)
    } catch (error) {
      const reason = messageOf(error)
      this.#log('warn', `The saved graph cannot be used: ${reason}; it is rebuilt from the items`, { reason })
      this.discard()
      return null
    }
  }

  /** Saves the graph; where that fails the snapshot before stays, and the failure is logged. */
  save(serving: GrowingGraph): void {
    const before = readTokens(this.#database)
    const token = randomBytes(8).toString('hex')
    // A kill may come before or after the manifest's rename: both snapshots must be known until it is over.
    this.#writeTokens([...before, token])
    try {
      saveSnapshot(this.#folder, serving.graph, this.#settings, token)
      this.#writeTokens([token])
    } catch (error) {
      this.#log('warn', `The graph could not be saved: ${messageOf(error)}`, {})
      this.#writeTokens(before)
    }
    serving.markSaved()
  }

  /** Forgets what was saved. */
  discard(): void {
    this.#writeTokens([])
    removeSnapshot(this.#folder)
  }

  #writeTokens(tokens: readonly string[]): void {
    this.#database.prepare('UPDATE collection SET snapshots = ?').run(JSON.stringify(tokens))
  }
}

/** Tokens of the snapshots that belong to this state of the truth. */
export function readTokens(database: Database): string[] {
  const text = database.prepare<[], string>('SELECT snapshots FROM collection').pluck().get() ?? '[]'
  const tokens: unknown = JSON.parse(text)
  return Array.isArray(tokens) ? tokens.map(String) : []
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
