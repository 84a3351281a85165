import type { tf } from '../../tensors/tensorflow.js'
import { differentiable } from '../float64/differentiable.js'
import type { Rows } from '../float64/rows.js'
import type { OfPairs } from '../float64/similarity-loss.js'
import type { SquareMatrix } from '../float64/square-matrix.js'

/** What contrastive, triplet and margin loss measure a pair of embeddings by. */
export interface Distance {
  /** Distances of all pairs of rows of raw embeddings, symmetric, 0 on the diagonal, and the way back. */
  between(embeddings: Rows): {
    readonly distances: SquareMatrix
    /** @returns the gradient by the embeddings of what has this gradient by the distances */
    readonly backward: (byDistances: SquareMatrix) => Float64Array
  }
}

/**
 * A loss of the distances of a batch.
 *
 * @param embeddings raw embeddings z, [B, D]
 */
export function distanceLoss(
  embeddings: tf.Tensor2D,
  distance: Distance,
  of: (distances: SquareMatrix) => OfPairs,
): tf.Scalar {
  const [count, width] = embeddings.shape
  return differentiable([embeddings], ([values = new Float64Array()]) => {
    const { distances, backward } = distance.between({ values, count, width })
    const { value, gradient } = of(distances)
    return { value, gradients: [backward(gradient)] }
  })
}
