import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { pino, type Logger } from 'pino'
import { CollectionEngine } from '../../../../src/collections/embedded/collection-engine.js'
import { defaultTuning, type Tuning } from '../../../../src/collections/embedded/tuning.js'

/** Every file and folder under a folder, with the hashes of the files. */
export function contentOf(folder: string): Map<string, string | null> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return new Map(
    names.map((name) => {
      const file = path.join(folder, name)
      return [
        name,
        statSync(file).isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : null,
      ]
    }),
  )
}

/** mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const randomEmbedding = (random: () => number, dimensions: number): Float32Array =>
  Float32Array.from({ length: dimensions }, () => random() * 2 - 1)

export function unit(...values: number[]): Float32Array {
  const norm = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / norm)
}

/** A logger that keeps its lines. */
export function recordingLogger(): { logger: Logger; lines: () => string } {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  return { logger, lines: () => lines.join('') }
}

/** Graphs from the first embedding on, so that small tests have one. */
export const alwaysGraph: Tuning = { ...defaultTuning, scanBelow: 0, sliceMs: 1000 }

export function openEngine(
  folder: string,
  tuning: Tuning = alwaysGraph,
): { engine: CollectionEngine; logged: string[] } {
  const logged: string[] = []
  const engine = new CollectionEngine(folder, tuning, (_level, message) => logged.push(message))
  return { engine, logged }
}

/** Lets the engine do what it does between calls. */
export function settle(engine: CollectionEngine): void {
  for (let slice = 0; engine.unfinished && slice < 10_000; slice++) engine.work()
}

/** Puts embeddings that are at unit length already. */
export function put(engine: CollectionEngine, items: readonly (readonly [string, Float32Array])[]): void {
  const rows = items.map(([id]) => ({ id, group: null, metadata: {}, contentHash: null }))
  const packed = Float32Array.from(items.flatMap(([, embedding]) => [...embedding]))
  engine.putItems(rows, packed)
}

export function unitEmbeddings(count: number, dimensions: number, seed = 1): Float32Array[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => unit(...randomEmbedding(random, dimensions)))
}

export const wide = { model: null, dimensions: 16, hnsw: { m: 8, efConstruction: 100, ef: 100 } }

/** Ids and scores of a search. */
export const answer = (
  engine: CollectionEngine,
  embedding: Float32Array,
  k: number,
  exact = false,
): { id: string; score: number }[] =>
  engine.search({ embedding, k, exact }).hits.map((hit) => ({ id: hit.id, score: hit.score }))
