import { normal } from './normal.js'

/** A random orthogonal matrix [size * size], row-major: normal rows made orthonormal by Gram and Schmidt. */
export function orthogonal(size: number, random: () => number): Float32Array {
  const rows: Float64Array[] = []
  while (rows.length < size) {
    const row = Float64Array.from({ length: size }, () => normal(random))
    // The second pass takes away what rounding left of the first.
    for (const other of [...rows, ...rows]) {
      const along = dot(row, other)
      for (let k = 0; k < size; k++) row[k] = (row[k] as number) - along * (other[k] as number)
    }
    const length = Math.sqrt(dot(row, row))
    // A draw that lies in the span of the others to the last digit would be noise: draw again.
    if (length > 1e-6) rows.push(row.map((value) => value / length))
  }
  const matrix = new Float32Array(size * size)
  rows.forEach((row, at) => {
    matrix.set(row, at * size)
  })
  return matrix
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number)
  return sum
}
