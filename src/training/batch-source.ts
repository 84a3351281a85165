import type { Sampler, SamplerState } from '../datasets/sampler.js'
import { KindredError } from '../errors.js'
import type { Examples } from './examples.js'

export interface Batch {
  /** The student's examples [B, ...exampleShape]: pictures [B, height, width, 3], or features [B, values]. */
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
 * Batches of drawn examples, `ahead` of them under way at any time. tfjs-node computes on the JavaScript thread, so a
 * picture can only be prepared during a step if its native work was handed over before: `next` does that.
 *
 * @param options.valuesPerExample length of an example
 * @param options.labels class index of each example
 * @param options.firstStep number of the first batch asked for, counted from the start of the run
 */
export function createBatchSource(options: {
  examples: Pick<Examples, 'drawn'>
  valuesPerExample: number
  labels: readonly number[]
  sampler: Sampler
  ahead: number
  firstStep: number
}): BatchSource {
  const { examples, valuesPerExample, labels, sampler, ahead, firstStep } = options

  const prepare = async (step: number): Promise<Batch> => {
    const indexes = sampler.next()
    const state = sampler.state()
    const ready = await Promise.all(indexes.map((index, place) => examples.drawn(index, step, place)))
    const inputs = new Float32Array(ready.length * valuesPerExample)
    ready.forEach((write, place) => {
      write(inputs, place * valuesPerExample)
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
