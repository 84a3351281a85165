/** The rows as one array [rows, dimensions]. */
export function joinRows(rows: readonly Float32Array[], dimensions: number): Float32Array {
  const joined = new Float32Array(rows.length * dimensions)
  rows.forEach((row, i) => {
    joined.set(row, i * dimensions)
  })
  return joined
}
