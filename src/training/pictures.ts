import { readFile } from 'node:fs/promises'
import type { LabelledImage } from '../datasets/labelled-set.js'
import { KindredError, toKindredError } from '../errors.js'
import { applyAugmentation } from '../images/augment.js'
import { toPixelBox } from '../images/crop-box.js'
import { decodeImage } from '../images/decode.js'
import type { InputTransform } from '../images/input-transform.js'
import { defaultImageLimits, type ImageLimits } from '../images/limits.js'
import { preparePixels } from '../images/prepare-input.js'
import { resizeForCache } from '../images/resize.js'
import type { RgbImage } from '../images/rgb-image.js'
import type { KeptPicture, PictureCache } from './cache/picture-cache.js'
import { checkUnreadable } from './unreadable.js'

/** The readable pictures of a set, decoded once and kept as far as the cap allows. */
export interface Pictures {
  readonly images: readonly LabelledImage[]
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  /** Bytes that are kept. */
  readonly bytes: number
  /** The picture at `index` of `images`, from the cache or decoded anew. */
  read(index: number): Promise<RgbImage>
}

export type Decode = (image: LabelledImage) => Promise<RgbImage>

/** Decodes for training: the labelled box, or the whole picture, at the size that is kept. */
export const forTraining =
  (
    sizing: { shorterSide: number; kernel: InputTransform['kernel'] },
    limits: ImageLimits = defaultImageLimits,
  ): Decode =>
  async ({ path, box }) => {
    const bytes = await readFile(path)
    if (box === undefined) return resizeForCache(bytes, sizing, limits)
    const whole = await decodeImage(bytes, limits)
    const crop = toPixelBox(box, whole)
    const scale = Math.min(1, sizing.shorterSide / Math.min(crop.width, crop.height))
    const size = { width: Math.round(crop.width * scale), height: Math.round(crop.height * scale) }
    return applyAugmentation(whole, { crop, flip: false, colour: null }, { ...size, kernel: sizing.kernel })
  }

/** Decodes for validation: the very pixels that serving would hand to the network. */
export const forValidation =
  (transform: InputTransform, limits: ImageLimits = defaultImageLimits): Decode =>
  async ({ path, box }) =>
    preparePixels(await readFile(path), transform, { limits, ...(box && { crop: box }) })

/** Enough to keep libuv's pool busy while files are read. */
const decodedAtOnce = 16

/**
 * Decodes every picture once. Those that cannot be read are listed and left out, as long as they are no more than
 * `unreadableShare` of all; those that the cache has no room for are decoded again at each use.
 *
 * @throws KindredError DATASET_INVALID with the first unreadable ones; CACHE_FAILED; the signal's reason when aborted
 */
export async function loadPictures(
  images: readonly LabelledImage[],
  decode: Decode,
  options: {
    cache: PictureCache
    unreadableShare: number
    onProgress?: (done: number, total: number) => void
    signal?: AbortSignal | undefined
  },
): Promise<Pictures> {
  const { cache, unreadableShare, onProgress, signal } = options
  const results: ({ kept: KeptPicture | null } | { reason: string })[] = []
  const before = cache.bytes
  let done = 0
  const queue = images.entries()
  const work = async (): Promise<void> => {
    for (const [index, image] of queue) {
      signal?.throwIfAborted()
      const picture = await decode(image).catch((thrown: unknown) => ({
        reason: toKindredError(thrown).message,
      }))
      // A cache that fails is no fault of the picture.
      results[index] = 'reason' in picture ? picture : { kept: await cache.keep(picture) }
      onProgress?.(++done, images.length)
    }
  }
  await Promise.all(Array.from({ length: decodedAtOnce }, work))

  const unreadable: { path: string; reason: string }[] = []
  const readable: { image: LabelledImage; kept: KeptPicture | null }[] = []
  images.forEach((image, index) => {
    const result = results[index]
    if (result === undefined) return
    if ('reason' in result) unreadable.push({ path: image.path, reason: result.reason })
    else readable.push({ image, kept: result.kept })
  })
  checkUnreadable(unreadable, images.length, unreadableShare)
  return {
    images: readable.map(({ image }) => image),
    unreadable,
    bytes: cache.bytes - before,
    read(index) {
      const entry = readable[index]
      if (entry === undefined) throw new KindredError('INTERNAL', `There is no picture ${index}`)
      return entry.kept === null ? decode(entry.image) : entry.kept()
    },
  }
}
