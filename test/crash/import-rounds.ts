import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Item } from '../../src/collections/item.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import type { Job } from '../../src/collections/jobs/job.js'
import { createLogger } from '../../src/log.js'
import { drawnEmbedding } from './drawn-embedding.js'
import { Ledger } from './ledger.js'

const collection = 'imported'
/** Eight transactions of an import. */
const rows = 4000

/** Imports into a store, each killed at some moment and gone on with in the next round. */
export class ImportRounds {
  readonly #folder: string
  readonly #ledger = new Ledger()
  /** Every row of every version that was acknowledged. */
  readonly #finished = new Set<string>()
  #version = 0
  #kills = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Imports that were killed, and rows that were acknowledged. */
  get counts(): { readonly kills: number; readonly finished: number; readonly imports: number } {
    return { kills: this.#kills, finished: this.#finished.size, imports: this.#version }
  }

  /** Imports, and kills it so many milliseconds after its start, or after it began to write. */
  async round({ from, delay }: { from: 'start' | 'first write'; delay: number }): Promise<void> {
    const script = path.join(import.meta.dirname, 'crash-importer.mjs')
    const args = [script, this.#folder, String(rows), String(this.#version)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const kill = (moment: typeof from): void => {
      if (moment === from) setTimeout(() => child.kill('SIGKILL'), delay)
    }
    let writing = false
    for await (const line of createInterface(child.stdout)) {
      const [what, ...rest] = line.split(' ')
      if (what === 'begin' && !writing) {
        writing = true
        kill('first write')
      }
      if (what === 'ready') kill('start')
      else if (what === 'job') this.#jobEnded(JSON.parse(rest.join(' ')) as Job & { version: number })
      else this.#row(what === 'finished', rest[0] ?? '', Number(rest[1]))
    }
    await ended
    this.#kills++
    await this.#verify()
  }

  #row(finished: boolean, id: string, seed: number): void {
    const change = new Map([[id, { seed, patch: 0 }]])
    if (!finished) {
      this.#ledger.begin(change)
      return
    }
    assert(!this.#finished.has(`${id} ${seed}`), `${id} of seed ${seed} was done twice`)
    this.#finished.add(`${id} ${seed}`)
    this.#ledger.acknowledge(change)
  }

  #jobEnded({ state, counts, version }: Job & { version: number }): void {
    assert.equal(state, 'done')
    // One that was killed between its end and the word of it finds all of its own work done.
    const again = counts.unchanged > 0
    if (again) assert(this.#allFinished(version), 'rows are there that were never acknowledged')
    const [embedded, unchanged] = again ? [0, rows] : [rows, 0]
    assert.deepEqual(counts, { total: rows, embedded, unchanged, failed: 0 })
    this.#version = version + 1
  }

  /** Whether each row of a version of the catalogue was acknowledged. */
  #allFinished(version: number): boolean {
    return Array.from({ length: rows }).every((_, row) =>
      this.#finished.has(`r-${row} ${version * 1_000_000 + row}`),
    )
  }

  /** Every acknowledged row by id and by a search for its embedding; what was under way wholly or not at all. */
  async #verify(): Promise<void> {
    const store = await openEmbeddedStore(this.#folder, { logger: createLogger('error') })
    try {
      const found = new Map<string, Item>()
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof store.listItems>> = await store.listItems(collection, {
          limit: 1000,
          ...(cursor !== null && { cursor }),
        })
        for (const item of page.items) found.set(item.id, item)
        cursor = page.nextCursor
      } while (cursor !== null)
      for (const id of new Set([...this.#ledger.ids(), ...this.#ledger.pending()])) {
        const item = found.get(id)
        if (item === undefined) {
          this.#ledger.settle(id, null)
          continue
        }
        const seed = Number(item.metadata['seed'])
        this.#ledger.settle(id, { seed, patch: 0 })
        const embedding = Float32Array.from(drawnEmbedding(seed))
        const { hits } = await store.search(collection, { embedding, k: 1, exact: true })
        assert.equal(hits[0]?.id, id, `a search for the embedding of ${id} does not find it`)
      }
    } finally {
      await store.close()
    }
  }
}
