import type { Rows } from '../float64/rows.js'

/** p_i = softmax(z_i / T) of each row, with what divergences need of them. */
export interface Distributions extends Rows {
  readonly logarithms: Float64Array
  /** -sum p log p of each row. */
  readonly entropies: Float64Array
}

export function distributionsOf({ values, count, width }: Rows, temperature: number): Distributions {
  const probabilities = new Float64Array(values.length)
  const logarithms = new Float64Array(values.length)
  const entropies = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const from = row * width
    let largest = -Infinity
    for (let k = from; k < from + width; k++) {
      largest = Math.max(largest, (values[k] as number) / temperature)
    }
    let sum = 0
    for (let k = from; k < from + width; k++) sum += Math.exp((values[k] as number) / temperature - largest)
    const normaliser = Math.log(sum)
    let entropy = 0
    for (let k = from; k < from + width; k++) {
      const logarithm = (values[k] as number) / temperature - largest - normaliser
      const probability = Math.exp(logarithm)
      logarithms[k] = logarithm
      probabilities[k] = probability
      entropy -= probability * logarithm
    }
    entropies[row] = entropy
  }
  return { values: probabilities, logarithms, entropies, count, width }
}

/**
 * The gradient by z of what has this gradient by log p: softmax takes away its sum, by the share of each value.
 *
 * @param byLogarithms overwritten and returned
 */
export function throughSoftmax(
  { values, count, width }: Distributions,
  byLogarithms: Float64Array,
  temperature: number,
): Float64Array {
  for (let row = 0; row < count; row++) {
    const from = row * width
    let sum = 0
    for (let k = from; k < from + width; k++) sum += byLogarithms[k] as number
    for (let k = from; k < from + width; k++) {
      byLogarithms[k] = ((byLogarithms[k] as number) - (values[k] as number) * sum) / temperature
    }
  }
  return byLogarithms
}
