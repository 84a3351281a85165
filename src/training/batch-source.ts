import { createRandom } from '../datasets/random.js'
import type { Sampler, SamplerState } from '../datasets/sampler.js'
import { KindredError } from '../errors.js'
import { applyAugmentation, drawAugmentation, type AugmentationSettings } from '../images/augment.js'
import type { InputTransform } from '../images/input-transform.js'
import { normaliseInto } from '../images/normalise.js'
import type { Pictures } from './pictures.js'
import { seedOf } from './seeds.js'

export interface Batch {
  /** Network input [B, height, width, 3]. */
  readonly inputs: Float32Array
  /** Class indexes [B]. */
  readonly labels: Int32Array
  /** The sampler once it had drawn this batch: where a run resumes that stopped after it. */
  readonly sampler: SamplerState
}

export interface BatchSource {
  /** The next batch; meanwhile those after it are under way in libuv's pool. */
  next(): Promise<Batch>
}

/**
 * Augmented batches, `ahead` of them under way at any time. tfjs-node computes on the JavaScript thread, so a picture
 * can only be prepared during a step if its native work was handed over before: `next` does that.
 *
 * A picture's augmentation depends on seed, step and place in the batch alone, so a resumed run draws the same.
 *
 * @param options.firstStep number of the first batch asked for, counted from the start of the run
 */
export function createBatchSource(options: {
  pictures: Pictures
  /** Class index of each picture. */
  labels: readonly number[]
  sampler: Sampler
  augmentation: AugmentationSettings
  transform: InputTransform
  seed: number
  ahead: number
  firstStep: number
}): BatchSource {
  const { pictures, labels, sampler, augmentation, transform, seed, ahead, firstStep } = options
  const valuesPerPicture = 3 * transform.width * transform.height

  const augmented = async (index: number, step: number, place: number) => {
    const picture = await pictures.read(index)
    const random = createRandom(seedOf(seed, 'augmentation', step, place))
    return applyAugmentation(picture, drawAugmentation(random, picture, augmentation), transform)
  }
  const prepare = async (step: number): Promise<Batch> => {
    const indexes = sampler.next()
    const state = sampler.state()
    const ready = await Promise.all(indexes.map((index, place) => augmented(index, step, place)))
    const inputs = new Float32Array(ready.length * valuesPerPicture)
    ready.forEach((picture, place) => {
      normaliseInto(picture, transform, inputs, place * valuesPerPicture)
    })
    return { inputs, labels: Int32Array.from(indexes, (index) => labels[index] ?? -1), sampler: state }
  }

  let step = firstStep
  const underWay: Promise<Batch>[] = []
  const fill = (): void => {
    while (underWay.length <= ahead) {
      const batch = prepare(step++)
      // A failure is thrown by the `next` that waits for it; until then it must not count as unhandled.
      batch.catch(() => undefined)
      underWay.push(batch)
    }
  }
  return {
    next() {
      fill()
      const batch = underWay.shift()
      if (batch === undefined) throw new KindredError('INTERNAL', 'No batch is under way')
      return batch
    },
  }
}
