import { expected, KindredError } from '../errors.js'
import type { SamplerSettings } from './sampler.js'

/** @throws KindredError INVALID_ARGUMENT unless both sides of a batch are positive whole numbers */
export function checkBatchShape({ classesPerBatch, imagesPerClass }: SamplerSettings): void {
  for (const [name, value] of Object.entries({ classesPerBatch, imagesPerClass })) {
    if (!Number.isInteger(value) || value < 1) throw expected('a positive whole number', name, value)
  }
}

/** @throws KindredError INVALID_ARGUMENT when a batch asks for more classes than there are */
export function checkEnoughClasses(classesPerBatch: number, classes: number): void {
  if (classes >= classesPerBatch) return
  throw new KindredError(
    'INVALID_ARGUMENT',
    `A batch of ${classesPerBatch} classes cannot be drawn from ${classes} classes`,
    {
      hint: `Draw ${classes} or less (--batch CLASSESxIMAGES, batch.classes in a file), or train on more classes`,
    },
  )
}
