import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Architecture } from '../bundles/manifest.js'
import type { LabelledImage } from '../datasets/labelled-set.js'
import { toKindredError } from '../errors.js'
import type { InputTransform } from '../images/input-transform.js'
import { normaliseInto } from '../images/normalise.js'
import type { RgbImage } from '../images/rgb-image.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { createNetwork } from '../networks/create-network.js'
import type { Network } from '../networks/network.js'
import type { TensorMap } from '../networks/tensor-map.js'
import { readValues } from '../tensors/read-values.js'
import { tf } from '../tensors/tensorflow.js'
import { checkUnreadable } from './unreadable.js'

/**
 * Features that were computed in this process, by network, picture and view, so that runs after the first (other
 * seeds, other losses) begin at once. A file that changes meanwhile is not noticed.
 */
export type FeatureStore = Map<string, Float32Array>

/** A frozen backbone with its pooling. */
export interface FeatureNetwork {
  /** Values of one row of features. */
  readonly width: number
  /** Tells networks and transforms apart. */
  readonly key: string
  /** @param pictures at the transform's size @returns one row of features each */
  run(pictures: readonly RgbImage[]): Float32Array[]
  dispose(): void
}

/** @param weights those of the backbone, without a head */
export function createFeatureNetwork(
  architecture: Architecture,
  weights: TensorMap,
  transform: InputTransform,
): FeatureNetwork {
  const headless = { ...architecture, head: null }
  const { dimensions: width } = architectureGraph(headless)
  // Made for the first pictures: where the store has every feature there are none.
  let network: Network | undefined
  const hash = createHash('sha256').update(
    JSON.stringify([architecture.backbone, architecture.pooling, transform]),
  )
  for (const { data } of weights.values())
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const values = 3 * transform.width * transform.height
  return {
    width,
    key: hash.digest('hex'),
    run(pictures) {
      const made = (network ??= createNetwork(headless, { seed: 0, weights }))
      const inputs = new Float32Array(pictures.length * values)
      pictures.forEach((picture, i) => {
        normaliseInto(picture, transform, inputs, i * values)
      })
      const shape: [number, number, number, number] = [pictures.length, transform.height, transform.width, 3]
      const rows = readValues(() => made.forward(tf.tensor4d(inputs, shape)))
      return pictures.map((_, i) => rows.slice(i * width, (i + 1) * width))
    },
    dispose() {
      network?.dispose()
    },
  }
}

/** The features of a set's readable pictures, every view of each. */
export interface Features {
  readonly images: readonly LabelledImage[]
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  /** Rows by image, then by view. */
  readonly rows: readonly (readonly Float32Array[])[]
  readonly bytes: number
}

/** Pictures of one forward pass. */
const batchSize = 32

/**
 * Computes the features of every picture once, batch by batch; the next batch is decoded meanwhile, and no picture is
 * kept.
 *
 * @param options.views names of an image's views, in the order in which `prepare` gives them
 * @param options.prepare the views of an image at the transform's size
 * @throws KindredError DATASET_INVALID where more than `unreadableShare` cannot be read; the signal's reason when aborted
 */
export async function computeFeatures(
  images: readonly LabelledImage[],
  network: FeatureNetwork,
  options: {
    views: (image: LabelledImage, index: number) => readonly string[]
    prepare: (image: LabelledImage, index: number) => Promise<readonly RgbImage[]>
    store: FeatureStore
    unreadableShare: number
    onProgress: (done: number, total: number) => void
    signal?: AbortSignal | undefined
  },
): Promise<Features> {
  const { views, prepare, store, unreadableShare, onProgress, signal } = options
  const keysOf = (image: LabelledImage, index: number): string[] =>
    views(image, index).map((view) => JSON.stringify([network.key, image.path, image.box ?? null, view]))
  const entries = images.map((image, index) => ({ image, index, keys: keysOf(image, index) }))
  const missing = entries.filter(({ keys }) => !keys.every((key) => store.has(key)))
  const reasons = new Map<number, string>()

  const decode = (from: number): Promise<readonly (readonly RgbImage[])[]> =>
    Promise.all(
      missing.slice(from, from + batchSize).map(async ({ image, index }) => {
        try {
          return await prepare(image, index)
        } catch (thrown) {
          reasons.set(index, toKindredError(thrown).message)
          return []
        }
      }),
    )

  const there = images.length - missing.length
  let next = decode(0)
  for (let from = 0; from < missing.length; from += batchSize) {
    signal?.throwIfAborted()
    const ready = await next
    next = decode(from + batchSize)
    // The forward pass holds this thread until it is done: let the pictures after it reach libuv's pool first.
    await nextTurn()
    const keys = ready.flatMap((pictures, i) =>
      pictures.length === 0 ? [] : (missing[from + i]?.keys ?? []),
    )
    const pictures = ready.flat()
    for (let at = 0; at < pictures.length; at += batchSize) {
      const rows = network.run(pictures.slice(at, at + batchSize))
      rows.forEach((row, i) => store.set(keys[at + i] ?? '', row))
    }
    onProgress(there + Math.min(from + batchSize, missing.length), images.length)
  }

  const unreadable = [...reasons].map(([index, reason]) => ({ path: images[index]?.path ?? '', reason }))
  checkUnreadable(unreadable, images.length, unreadableShare)
  const readable = entries.filter(({ index }) => !reasons.has(index))
  const rows = readable.map(({ keys }) => keys.flatMap((key) => store.get(key) ?? []))
  const bytes = rows.reduce((sum, views) => sum + views.length * network.width * 4, 0)
  return { images: readable.map(({ image }) => image), unreadable, rows, bytes }
}
