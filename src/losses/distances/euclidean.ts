import { smallestSquare, unitRows, type Rows } from '../float64/rows.js'
import { SquareMatrix } from '../float64/square-matrix.js'
import type { Distance } from './distance.js'

/**
 * |e_i - e_j| of unit vectors, in [0, 2]; the square is clamped to 1e-12 below the root. From differences, not from
 * 2 - 2 <e_i, e_j>, which loses what tells near duplicates apart.
 */
export const euclidean: Distance = {
  between(embeddings) {
    const { unit, backward } = unitRows(embeddings)
    const distances = new SquareMatrix(unit.count)
    for (let i = 0; i < unit.count; i++) {
      for (let j = 0; j < i; j++) {
        distances.setBoth(i, j, Math.sqrt(Math.max(squaredDistance(unit, i, j), smallestSquare)))
      }
    }
    return { distances, backward: (gradient) => backward(byRows(unit, distances, gradient)) }
  },
}

function squaredDistance({ values, width }: Rows, i: number, j: number): number {
  let sum = 0
  for (let k = 0; k < width; k++) {
    const difference = (values[i * width + k] as number) - (values[j * width + k] as number)
    sum += difference * difference
  }
  return sum
}

/** d|a - b| / da = (a - b) / |a - b|, and nothing where the clamp holds. */
function byRows(
  { values, count, width }: Rows,
  distances: SquareMatrix,
  gradient: SquareMatrix,
): Float64Array {
  const result = new Float64Array(values.length)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const distance = distances.get(i, j)
      const weight = gradient.sumBoth(i, j) / distance
      if (weight === 0 || distance * distance <= smallestSquare) continue
      for (let k = 0; k < width; k++) {
        const [a, b] = [i * width + k, j * width + k]
        const move = weight * ((values[a] as number) - (values[b] as number))
        result[a] = (result[a] as number) + move
        result[b] = (result[b] as number) - move
      }
    }
  }
  return result
}
