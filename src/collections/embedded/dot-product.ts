/**
 * Dot product of `a` from `offset` on with `b`, in float64. The one place that computes a score, always in the same
 * order, so that the graph's road and the scan give the same item the same score to the last bit.
 */
export function dotProduct(a: Float32Array, offset: number, b: Float32Array): number {
  const length = b.length
  const even = length - (length % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < even; i += 4) {
    s0 += (a[offset + i] ?? 0) * (b[i] ?? 0)
    s1 += (a[offset + i + 1] ?? 0) * (b[i + 1] ?? 0)
    s2 += (a[offset + i + 2] ?? 0) * (b[i + 2] ?? 0)
    s3 += (a[offset + i + 3] ?? 0) * (b[i + 3] ?? 0)
  }
  for (let i = even; i < length; i++) s0 += (a[offset + i] ?? 0) * (b[i] ?? 0)
  return s0 + s1 + (s2 + s3)
}
