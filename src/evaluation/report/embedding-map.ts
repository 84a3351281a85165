import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { UMAP } from 'umap-js'
import { createRandom, sample } from '../../datasets/random.js'
import type { EmbedSetResult } from '../embed-set.js'
import { unitRows } from '../embedded-set.js'

/** A picture on the map, both coordinates 0 to 1. */
export interface MapPoint {
  readonly x: number
  readonly y: number
  readonly label: string
  /** File name. */
  readonly name: string
}

export interface EmbeddingMap {
  readonly points: readonly MapPoint[]
  /** How many pictures there were to draw from. */
  readonly of: number
}

const mostPoints = 1500
const fewestPoints = 5
const neighbours = 15
const epochsPerTurn = 10

/**
 * Lays the pictures out in two dimensions so that near ones stay near (McInnes, Healy, Melville: UMAP, 2018): cosine,
 * 15 neighbours, seeded, at most 1500 pictures drawn without replacement.
 *
 * @returns null for fewer than 5 pictures
 */
export async function embeddingMap(
  set: EmbedSetResult,
  options: { seed: number; onProgress?: (done: number, total: number) => void; signal?: AbortSignal },
): Promise<EmbeddingMap | null> {
  const { seed, onProgress, signal } = options
  const random = createRandom(seed)
  const rows = sample([...set.labels.keys()], Math.min(mostPoints, set.labels.length), random).sort(
    (a, b) => a - b,
  )
  if (rows.length < fewestPoints) return null
  const unit = unitRows(set, 'embeddings')
  const vectors = rows.map((row) => [...unit.subarray(row * set.dimensions, (row + 1) * set.dimensions)])
  // Of unit rows the Euclidean distance, umap-js's own, orders neighbours as cosine does.
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(neighbours, rows.length - 1),
    minDist: 0.15,
    random,
  })
  const epochs = umap.initializeFit(vectors)
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step()
    if (epoch % epochsPerTurn !== 0) continue
    signal?.throwIfAborted()
    onProgress?.(epoch, epochs)
    await nextTurn()
  }
  onProgress?.(epochs, epochs)
  const places = umap.getEmbedding()
  const [toX, toY] = [0, 1].map((axis) => scaled(places.map((place) => place[axis] ?? 0)))
  return {
    points: rows.map((row, n) => ({
      x: toX?.(n) ?? 0,
      y: toY?.(n) ?? 0,
      label: set.labels[row] ?? '',
      name: path.basename(set.images[row]?.path ?? ''),
    })),
    of: set.labels.length,
  }
}

/** Each value's place between the least and the greatest, 0 to 1. */
function scaled(values: readonly number[]): (n: number) => number {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
  return (n) => (high > low ? ((values[n] ?? low) - low) / (high - low) : 0.5)
}
