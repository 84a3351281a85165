import { tf } from './tensorflow.js'
import { readValues } from './read-values.js'

/** Columns beyond those asked for: with them the last ones asked for converge as fast as the first. */
const spare = 16
/** More change Recall@1 of photos by less than a point. */
const iterations = 8

/**
 * Orthonormal directions that span where rows vary most, counted from the origin: the leading eigenvectors of X^T X, by
 * subspace iteration (Golub and Van Loan, Matrix Computations, 8.2.4), not in order. Where the rows span fewer, the rest
 * are random directions at right angles to them.
 *
 * @param rows X, [N, width]
 * @param count at most the width
 * @param random uniform in [0, 1); what it draws decides the result only where the rows leave it open
 * @returns [count, width], row by row
 */
export function principalDirections(rows: tf.Tensor2D, count: number, random: () => number): Float32Array {
  const [total, width] = rows.shape
  const columns = Math.min(count + spare, width)
  const moments = tf.tidy(() => tf.div<tf.Tensor2D>(tf.matMul(rows, rows, true), Math.max(1, total)))
  let basis = orthonormal(
    Float64Array.from({ length: columns * width }, () => random() - 0.5),
    columns,
    random,
  )
  try {
    for (let round = 0; round < iterations; round++) {
      const moved = readValues(() =>
        tf.matMul(tf.tensor2d(Float32Array.from(basis), [columns, width]), moments),
      )
      basis = orthonormal(Float64Array.from(moved), columns, random)
    }
  } finally {
    moments.dispose()
  }
  // The first rows are those that turned furthest towards the largest; the spare ones are the last.
  return Float32Array.from(basis.subarray(0, count * width))
}

/** Modified Gram-Schmidt over the rows, in place; a row that the ones before it span is drawn anew. */
function orthonormal(rows: Float64Array, count: number, random: () => number): Float64Array {
  const width = rows.length / count
  const largest = Math.sqrt(rows.reduce((most, value) => Math.max(most, value * value), 0))
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * width, (i + 1) * width)
    const spans = largest * Math.sqrt(width) * 1e-6
    // Twice, for what rounding leaves of the earlier rows.
    let length = clear(row, rows, i)
    if (!(length > spans)) {
      for (let at = 0; at < width; at++) row[at] = random() - 0.5
      length = clear(row, rows, i)
    }
    scale(row, 1 / length)
    scale(row, 1 / clear(row, rows, i))
  }
  return rows
}

/** Takes away what a row has of the first `count` rows. @returns the length of the rest */
function clear(row: Float64Array, rows: Float64Array, count: number): number {
  const width = row.length
  for (let j = 0; j < count; j++) {
    let product = 0
    for (let at = 0; at < width; at++) product += (row[at] as number) * (rows[j * width + at] as number)
    for (let at = 0; at < width; at++) {
      row[at] = (row[at] as number) - product * (rows[j * width + at] as number)
    }
  }
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
}

function scale(row: Float64Array, factor: number): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at] as number) * factor
}
