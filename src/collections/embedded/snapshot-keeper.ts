import { randomBytes } from 'node:crypto'
import { hasManifest, removeSnapshot } from './graph-manifest.js'
import { GraphSave } from './graph-save.js'
import { loadSnapshot, type LoadedGraph, type TrueEmbeddings } from './graph-snapshot.js'
import type { GrowingGraph } from './growing-graph.js'
import type { GraphSettings } from './hnsw-graph.js'
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
  #saving: { readonly save: GraphSave; readonly before: readonly string[]; readonly token: string } | null =
    null

  constructor(folder: string, settings: GraphSettings, database: Database, log: Log) {
    this.#folder = folder
    this.#settings = settings
    this.#database = database
    this.#log = log
  }

  /** The saved graph; null where there is none that can be used, which is logged unless none was ever saved. */
  load(truth: TrueEmbeddings): LoadedGraph | null {
    const tokens = readTokens(this.#database)
    if (tokens.length === 0 && !hasManifest(this.#folder)) return null
    try {
      return loadSnapshot(this.#folder, this.#settings, tokens, truth)
    } catch (error) {
      const reason = messageOf(error)
      this.#log('warn', `The saved graph cannot be used: ${reason}; it is rebuilt from the items`, { reason })
      this.discard()
      return null
    }
  }

  /** Whether a save is under way. */
  get saving(): boolean {
    return this.#saving !== null
  }

  /** Whether `work` has something to do, other than to wait for the disk. */
  get unfinished(): boolean {
    return this.#saving !== null && !this.#saving.save.waiting
  }

  /** Begins to save the graph, which `work` goes on with; where that fails the snapshot before stays. */
  begin(serving: GrowingGraph): void {
    const before = readTokens(this.#database)
    const token = randomBytes(8).toString('hex')
    // A kill may come before or after the manifest's rename: both snapshots must be known until it is over.
    this.#writeTokens([...before, token])
    this.#trying(before, () => {
      const save = new GraphSave(this.#folder, serving.graph, this.#settings, token)
      this.#saving = { save, before, token }
    })
    serving.markSaved()
  }

  /** Goes on with a save until `deadline` (performance.now()). @param wake called when the disk was waited for and is ready */
  work(deadline: number, wake: () => void): void {
    if (this.#saving === null) return
    const { save, before, token } = this.#saving
    this.#trying(before, () => {
      if (save.work(deadline, wake)) this.#end([token])
    })
  }

  /** Does at once what is left of a save. */
  finish(): void {
    if (this.#saving === null) return
    const { save, before, token } = this.#saving
    this.#trying(before, () => {
      save.finish()
      this.#end([token])
    })
  }

  /** Forgets what was saved. */
  discard(): void {
    this.finish()
    this.#writeTokens([])
    removeSnapshot(this.#folder)
  }

  /** A failure is logged. @param before the snapshots that there are then */
  #trying(before: readonly string[], work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#log('warn', `The graph could not be saved: ${messageOf(error)}`, {})
      this.#end(before)
    }
  }

  #end(tokens: readonly string[]): void {
    this.#saving = null
    this.#writeTokens(tokens)
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
