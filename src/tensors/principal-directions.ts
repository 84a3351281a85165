import { readValues } from './read-values.js'
import { float32, runOperation } from './node-kernel.js'
import { tf } from './tensorflow.js'

/** Columns beyond those asked for: with them the last ones asked for converge as fast as the first. */
const spare = 16
/** More change Recall@1 of photos by less than a point. */
const iterations = 8

/**
 * Orthonormal directions that span where rows vary most, counted from the origin: the leading eigenvectors of X^T X, by
 * subspace iteration (Golub and Van Loan, Matrix Computations, 8.2.4), not in order. Where the rows span fewer, the rest
 * are directions at right angles to them.
 *
 * @param rows X, [N, width]
 * @param count at most the width
 * @param random uniform in [0, 1); what it draws decides the result only where the rows leave it open
 * @returns [count, width], row by row
 */
export function principalDirections(rows: tf.Tensor2D, count: number, random: () => number): Float32Array {
  const [total, width] = rows.shape
  const columns = Math.min(count + spare, width)
  const drawn = Float32Array.from({ length: width * columns }, () => random() - 0.5)
  return readValues(() => {
    const moments = tf.div<tf.Tensor2D>(tf.matMul(rows, rows, true), Math.max(1, total))
    let basis = orthonormal(tf.tensor2d(drawn, [width, columns]))
    for (let round = 0; round < iterations; round++) basis = orthonormal(tf.matMul(moments, basis))
    // The first columns are those that turned furthest towards the largest; the spare ones are the last.
    return tf.transpose(tf.slice(basis, [0, 0], [width, count]))
  })
}

/** Q of the thin decomposition QR, by Householder's reflections: orthonormal also where the columns span fewer. */
function orthonormal(columns: tf.Tensor2D): tf.Tensor2D {
  const [q] = runOperation('Qr', [columns], { T: float32, full_matrices: { type: 'bool', value: false } }, 2)
  return q as tf.Tensor2D
}
