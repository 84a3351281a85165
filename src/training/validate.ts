import { setImmediate as nextTurn } from 'node:timers/promises'
import { KindredError } from '../errors.js'
import { retrievalMetrics } from '../evaluation/retrieval-metrics.js'
import type { InputTransform } from '../images/input-transform.js'
import { normaliseInto } from '../images/normalise.js'
import type { Network } from '../networks/network.js'
import { tf } from '../tensors/tensorflow.js'
import type { Pictures } from './pictures.js'

/** Retrieval among the validation pictures, as shares of 1. */
export interface ValidationFigures {
  readonly recallAt1: number
  readonly mapAtR: number
  readonly rPrecision: number
  /** Queries that have another picture of their class. */
  readonly queries: number
  readonly classes: number
}

/** Pictures of one forward pass: enough to fill the cores, little memory. */
const batchSize = 32

/**
 * Embeds the pictures as the network stands, unit length.
 *
 * @returns one row of `network.dimensions` values a picture, in order
 */
export async function embedPictures(
  network: Network,
  pictures: Pictures,
  transform: InputTransform,
  onProgress?: (done: number, total: number) => void,
): Promise<Float32Array[]> {
  const { width, height } = transform
  const nhwc: InputTransform = { ...transform, layout: 'nhwc' }
  const total = pictures.images.length
  const rows: Float32Array[] = []
  while (rows.length < total) {
    const indexes = Array.from(
      { length: Math.min(batchSize, total - rows.length) },
      (_, i) => rows.length + i,
    )
    // Cached pictures never leave this turn of the event loop, and Ctrl-C and progress bars need one.
    await nextTurn()
    const batch = await Promise.all(indexes.map((index) => pictures.read(index)))
    const inputs = new Float32Array(batch.length * 3 * width * height)
    batch.forEach((picture, i) => {
      normaliseInto(picture, nhwc, inputs, i * 3 * width * height)
    })
    const values = tf.tidy(() =>
      network.embed(tf.tensor4d(inputs, [batch.length, height, width, 3])).dataSync<'float32'>(),
    )
    for (let i = 0; i < batch.length; i++) {
      rows.push(values.slice(i * network.dimensions, (i + 1) * network.dimensions))
    }
    onProgress?.(rows.length, total)
  }
  return rows
}

/**
 * Recall@1, MAP@R and R-precision of the network, each picture asked for among all the others.
 *
 * @returns null where no picture has another of its class to find
 * @throws KindredError TRAINING_DIVERGED when an embedding is not a number or zero
 */
export async function validate(
  network: Network,
  pictures: Pictures,
  transform: InputTransform,
  onProgress?: (done: number, total: number) => void,
): Promise<ValidationFigures | null> {
  const rows = await embedPictures(network, pictures, transform, onProgress)
  const { dimensions } = network
  const embeddings = new Float32Array(rows.length * dimensions)
  rows.forEach((row, i) => {
    embeddings.set(row, i * dimensions)
  })
  if (!rows.every(hasDirection)) {
    throw new KindredError('TRAINING_DIVERGED', 'The network no longer gives every picture an embedding')
  }
  const labels = pictures.images.map((image) => image.label)
  const metrics = await retrievalMetrics({ queries: { embeddings, dimensions, labels }, ks: [1] })
  if (metrics.counts.queries === 0) return null
  return {
    recallAt1: metrics.recall['1'] ?? NaN,
    mapAtR: metrics.mapAtR,
    rPrecision: metrics.rPrecision,
    queries: metrics.counts.queries,
    classes: metrics.counts.classes,
  }
}

/** False for NaN and for all zeros, which a network of dead units gives. */
const hasDirection = (row: Float32Array): boolean => row.reduce((sum, value) => sum + value * value, 0) > 0.5
