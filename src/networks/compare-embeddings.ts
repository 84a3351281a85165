import { expected, KindredError } from '../errors.js'

/**
 * Holds the embeddings of an exported network against those of the network that was trained.
 *
 * @param reference, exported unit-length embeddings of the same pictures, in the same order
 * @param tolerance largest absolute difference of a value that is accepted
 * @returns the largest absolute difference found
 * @throws KindredError EXPORT_MISMATCH when they differ by more, or a value is not finite; INVALID_ARGUMENT when
 * there is nothing to compare
 */
export function compareEmbeddings(
  reference: readonly Float32Array[],
  exported: readonly Float32Array[],
  tolerance = 1e-4,
): number {
  if (reference.length === 0) throw expected('at least one embedding', 'reference', reference.length)
  if (reference.length !== exported.length) {
    throw expected(`${reference.length} embeddings`, 'exported', exported.length)
  }
  let largest = 0
  reference.forEach((embedding, index) => {
    const other = exported[index]
    if (other?.length !== embedding.length) {
      throw mismatch(`embedding ${index} has ${other?.length ?? 0} values instead of ${embedding.length}`)
    }
    embedding.forEach((value, at) => {
      const difference = Math.abs(value - (other[at] ?? NaN))
      if (!(difference <= tolerance)) {
        throw mismatch(`value ${at} of embedding ${index} is ${other[at] ?? NaN} instead of ${value}`)
      }
      largest = Math.max(largest, difference)
    })
  })
  return largest
}

const mismatch = (what: string): KindredError =>
  new KindredError('EXPORT_MISMATCH', `The exported network differs from the trained one: ${what}`)
