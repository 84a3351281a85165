/**
 * The mean embedding of each class.
 *
 * @param rows one embedding an image, all of one width
 * @param labels one a row
 */
export function classMeans(
  rows: readonly Float32Array[],
  labels: readonly string[],
): Map<string, Float32Array> {
  const sums = new Map<string, { sum: Float32Array; count: number }>()
  rows.forEach((row, index) => {
    const label = labels[index] ?? ''
    const known = sums.get(label) ?? { sum: new Float32Array(row.length), count: 0 }
    known.count++
    row.forEach((value, d) => (known.sum[d] = (known.sum[d] ?? 0) + value))
    sums.set(label, known)
  })
  return new Map([...sums].map(([label, { sum, count }]) => [label, sum.map((value) => value / count)]))
}
