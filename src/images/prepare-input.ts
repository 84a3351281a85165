import { checkCropBox, partOf, type CropBox } from './crop-box.js'
import { readHeader } from './image-header.js'
import type { InputTransform } from './input-transform.js'
import { defaultImageLimits, type ImageLimits } from './limits.js'
import { normalisePixels } from './normalise.js'
import { openImage, readPixels } from './open-image.js'
import { resizeOpened, resizeOptions } from './resize.js'
import type { RgbImage } from './rgb-image.js'

export interface PrepareOptions {
  readonly limits?: ImageLimits
  /** Part of the picture to embed, after EXIF rotation. */
  readonly crop?: CropBox
  /** Stops the work where it can be stopped: see DecoderPool. */
  readonly signal?: AbortSignal
}

/** What `prepareInput` does, by it or by a DecoderPool. */
export type PrepareInput = (
  bytes: Uint8Array,
  transform: InputTransform,
  options?: PrepareOptions,
) => Promise<Float32Array>

/**
 * The one road from a picture's bytes to a network's input: evaluation, indexing and serving all take it, so the
 * same bytes give the same values everywhere.
 *
 * @returns 3 * width * height values in the transform's layout
 * @throws KindredError as `decodeImage`, and INVALID_ARGUMENT for a bad crop
 */
export async function prepareInput(
  bytes: Uint8Array,
  transform: InputTransform,
  options: PrepareOptions = {},
): Promise<Float32Array> {
  return normalisePixels(await preparePixels(bytes, transform, options), transform)
}

/** The same before normalisation: pixels at the network's size. */
export async function preparePixels(
  bytes: Uint8Array,
  transform: InputTransform,
  { limits = defaultImageLimits, crop }: PrepareOptions = {},
): Promise<RgbImage> {
  if (crop !== undefined) checkCropBox(crop)
  const header = await readHeader(bytes, limits)
  const region = crop && partOf(header, crop)
  const resized = resizeOpened(
    openImage(bytes, header, limits),
    header,
    resizeOptions(transform, region ?? header),
    region,
  )
  return readPixels(resized, header, limits)
}
