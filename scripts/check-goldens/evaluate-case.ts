import { KindredError } from '../../src/errors.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { flatten, type GoldenCase } from './golden-file.js'
import { goldenLosses, type GoldenInputs } from './golden-losses.js'

/** Errors relative to the reference: |ours - reference| / |reference|, of a gradient by its largest entries. */
export interface CaseErrors {
  readonly value: number
  readonly gradients: Readonly<Record<string, number>>
}

/**
 * Evaluates a case by the losses that training uses, in float32.
 *
 * @throws KindredError INVALID_ARGUMENT for a loss that is not known, an input that the case lacks, and an input or a
 * parameter of the case that was not used, for then the case was not evaluated as it stands
 */
export function evaluateCase(golden: GoldenCase): CaseErrors {
  const loss = Object.hasOwn(goldenLosses, golden.loss) ? goldenLosses[golden.loss] : undefined
  if (loss === undefined) {
    const known = Object.keys(goldenLosses).join(', ')
    throw new KindredError('INVALID_ARGUMENT', `Unknown loss ${golden.loss}; known: ${known}`)
  }
  return tf.tidy(() => {
    const tensors = new Map(
      Object.entries({ ...golden.inputs, ...scalarsOf(golden) }).map(([name, values]) => [
        name,
        tf.tensor(values as number[][], undefined, 'float32'),
      ]),
    )
    const by = Object.keys(golden.gradients)
    const used = new Set<string>()
    const evaluate = (...moving: tf.Tensor[]): tf.Scalar => {
      by.forEach((name, at) => {
        const tensor = moving[at]
        if (tensor !== undefined) tensors.set(name, tensor)
      })
      return loss(inputsOf(golden, tensors, used))
    }
    const at = by.map((name) => need(tensors.get(name), name))
    // A case may have a value alone.
    const { value, grads } =
      at.length === 0 ? { value: evaluate(), grads: [] } : tf.valueAndGrads(evaluate)(at)
    const unused = [...Object.keys(golden.inputs), ...Object.keys(golden.params)].filter(
      (name) => !used.has(name),
    )
    if (unused.length > 0) {
      throw new KindredError('INVALID_ARGUMENT', `${golden.loss} does not use ${unused.join(', ')}`)
    }
    return {
      value: relative([(value.dataSync()[0] ?? NaN) - golden.value], [golden.value]),
      gradients: Object.fromEntries(
        by.map((name, place) => {
          const ours = need(grads[place], name).dataSync()
          const reference = flatten(golden.gradients[name] ?? [])
          const differences = reference.map((one, k) => (ours[k] ?? NaN) - one)
          return [name, ours.length === reference.length ? relative(differences, reference) : NaN]
        }),
      ),
    }
  })
}

/** Parameters that a gradient is asked by, such as the beta of margin loss, are tensors too. */
function scalarsOf({ params }: GoldenCase): Record<string, number[]> {
  const { beta } = params
  return typeof beta === 'number' ? { beta: [beta] } : {}
}

function inputsOf(
  golden: GoldenCase,
  tensors: ReadonlyMap<string, tf.Tensor>,
  used: Set<string>,
): GoldenInputs {
  const { params } = golden
  const param = (name: string): unknown => {
    used.add(name)
    return params[name]
  }
  return {
    labels: Int32Array.from(golden.labels),
    has: (name) => Object.hasOwn(params, name) || tensors.has(name),
    tensor(name) {
      used.add(name)
      return need(tensors.get(name), name) as tf.Tensor2D
    },
    number(name, fallback) {
      const value = param(name) ?? fallback
      if (typeof value !== 'number') throw new KindredError('INVALID_ARGUMENT', `The case lacks ${name}`)
      return value
    },
    flag(name, fallback) {
      const value = param(name) ?? fallback
      if (typeof value !== 'boolean') throw new KindredError('INVALID_ARGUMENT', `${name} is no switch`)
      return value
    },
    text(name, fallback) {
      const value = param(name) ?? fallback
      if (typeof value !== 'string') throw new KindredError('INVALID_ARGUMENT', `${name} is not text`)
      return value
    },
  }
}

/** The largest difference over the largest reference; 0 where both are 0. */
function relative(differences: readonly number[], reference: readonly number[]): number {
  const largest = (values: readonly number[]): number =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const difference = largest(differences)
  return difference === 0 ? 0 : difference / largest(reference)
}

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new KindredError('INVALID_ARGUMENT', `The case lacks ${name}`)
  return value
}
