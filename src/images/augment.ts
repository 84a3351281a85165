import { colourMap, type ColourMap } from './colour-map.js'
import type { PixelBox } from './crop-box.js'
import type { InputTransform } from './input-transform.js'
import { fromRgb, toRgb } from './raw-pixels.js'
import type { RgbImage } from './rgb-image.js'

/** How much a training picture is changed at random. */
export interface AugmentationSettings {
  /** Smallest share of the area that a crop keeps; 1 together with `maxAspect` 1 and a square keeps it all. */
  readonly minScale: number
  /** Widest aspect ratio of a crop in pixels; its inverse is the narrowest. */
  readonly maxAspect: number
  /** Chance of a mirror image. */
  readonly flip: number
  /** Largest relative changes: a factor is drawn from 1 - x to 1 + x. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  /** Largest turn of hue, in turns of the colour circle. */
  readonly hue: number
}

/** One drawn change of one picture. */
interface Augmentation {
  /** Kept part, in pixels of the picture it was drawn for. */
  readonly crop: PixelBox
  readonly flip: boolean
  /** null: colours stay. */
  readonly colour: ColourMap | null
}

/**
 * Draws a crop (RandomResizedCrop of Szegedy et al. 2015, as torchvision draws it), a mirror image and a change of
 * colour. The same numbers from `random` give the same change.
 */
export function drawAugmentation(
  random: () => number,
  image: { readonly width: number; readonly height: number },
  settings: AugmentationSettings,
): Augmentation {
  const crop = drawCrop(random, image, settings)
  const flip = random() < settings.flip
  const { brightness, contrast, saturation, hue } = settings
  const around = (centre: number, spread: number): number => centre + spread * (2 * random() - 1)
  const change = {
    brightness: around(1, brightness),
    contrast: around(1, contrast),
    saturation: around(1, saturation),
    hue: around(0, hue),
  }
  const still = brightness === 0 && contrast === 0 && saturation === 0 && hue === 0
  return { crop, flip, colour: still ? null : colourMap(change) }
}

/** Uniform in area, log-uniform in aspect ratio; after ten misses the largest centred crop of an allowed ratio. */
function drawCrop(
  random: () => number,
  image: { readonly width: number; readonly height: number },
  { minScale, maxAspect }: AugmentationSettings,
): PixelBox {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = image.width * image.height * (minScale + (1 - minScale) * random())
    const aspect = maxAspect ** (2 * random() - 1)
    const width = Math.round(Math.sqrt(area * aspect))
    const height = Math.round(Math.sqrt(area / aspect))
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue
    return {
      left: Math.floor(random() * (image.width - width + 1)),
      top: Math.floor(random() * (image.height - height + 1)),
      width,
      height,
    }
  }
  const width = Math.min(image.width, Math.max(1, Math.round(image.height * maxAspect)))
  const height = Math.min(image.height, Math.max(1, Math.round(image.width * maxAspect)))
  const left = Math.floor((image.width - width) / 2)
  const top = Math.floor((image.height - height) / 2)
  return { left, top, width, height }
}

/**
 * Applies a drawn change as one native pipeline, which runs in libuv's pool beside the JavaScript thread; the crop is
 * squashed to the size.
 */
export async function applyAugmentation(
  image: RgbImage,
  augmentation: Augmentation,
  size: Pick<InputTransform, 'width' | 'height'> & Partial<Pick<InputTransform, 'kernel'>>,
): Promise<RgbImage> {
  const { crop, flip, colour } = augmentation
  const { width, height, kernel = 'linear' } = size
  const pipeline = fromRgb(image).extract(crop).resize({ width, height, fit: 'fill', kernel }).flop(flip)
  if (colour !== null) {
    const [red, green, blue] = colour.matrix
    // The last step of the pipeline cuts fractions off; half a step more makes that rounding.
    const offset = colour.offset + 0.5
    pipeline.recomb([[...red], [...green], [...blue]]).linear([1, 1, 1], [offset, offset, offset])
  }
  return toRgb(pipeline)
}
