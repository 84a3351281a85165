import { createRandom } from '../datasets/random.js'
import { applyAugmentation, drawAugmentation, type AugmentationSettings } from '../images/augment.js'
import type { InputTransform } from '../images/input-transform.js'
import { normaliseInto } from '../images/normalise.js'
import { resizeRgb } from '../images/resize.js'
import type { RgbImage } from '../images/rgb-image.js'
import type { Examples, WriteExample } from './examples.js'
import type { Pictures } from './pictures.js'
import { seedOf } from './seeds.js'

/** Pictures as examples: normalised network input [height, width, 3], augmented anew at each use. */
export function pictureExamples(
  pictures: Pictures,
  {
    transform,
    augmentation,
    seed,
  }: { transform: InputTransform; augmentation: AugmentationSettings; seed: number },
): Examples {
  const { images, unreadable, bytes } = pictures
  const { width, height } = transform
  const writer =
    (picture: RgbImage): WriteExample =>
    (into, offset) => {
      normaliseInto(picture, transform, into, offset)
    }
  return {
    images,
    unreadable,
    bytes,
    async plain(index) {
      const picture = await pictures.read(index)
      const fits = picture.width === width && picture.height === height
      return writer(fits ? picture : await resizeRgb(picture, transform))
    },
    async drawn(index, step, place) {
      const picture = await pictures.read(index)
      const random = createRandom(seedOf(seed, 'augmentation', step, place))
      return writer(
        await applyAugmentation(picture, drawAugmentation(random, picture, augmentation), transform),
      )
    },
  }
}
