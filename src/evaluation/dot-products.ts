/**
 * Dot products of a block of rows of `a` with a block of rows of `b`, row-major into `out` [aCount * bCount].
 * Every product adds its dimensions in order, whatever the blocks, so equal rows give equal products to the last bit.
 */
export function dotProducts(
  a: Float32Array,
  aRows: { start: number; count: number },
  b: Float32Array,
  bRows: { start: number; count: number },
  dimensions: number,
  out: Float64Array,
): void {
  const evenA = aRows.count - (aRows.count % 2)
  const fullB = bRows.count - (bRows.count % 4)
  // Two by four accumulators fit the registers; each value loaded then serves several products.
  for (let i = 0; i < evenA; i += 2) {
    const a0 = (aRows.start + i) * dimensions
    const a1 = a0 + dimensions
    const out0 = i * bRows.count
    const out1 = out0 + bRows.count
    for (let j = 0; j < fullB; j += 4) {
      const b0 = (bRows.start + j) * dimensions
      const b1 = b0 + dimensions
      const b2 = b1 + dimensions
      const b3 = b2 + dimensions
      let s00 = 0
      let s01 = 0
      let s02 = 0
      let s03 = 0
      let s10 = 0
      let s11 = 0
      let s12 = 0
      let s13 = 0
      for (let d = 0; d < dimensions; d++) {
        const x0 = a[a0 + d] as number
        const x1 = a[a1 + d] as number
        const y0 = b[b0 + d] as number
        const y1 = b[b1 + d] as number
        const y2 = b[b2 + d] as number
        const y3 = b[b3 + d] as number
        s00 += x0 * y0
        s01 += x0 * y1
        s02 += x0 * y2
        s03 += x0 * y3
        s10 += x1 * y0
        s11 += x1 * y1
        s12 += x1 * y2
        s13 += x1 * y3
      }
      out[out0 + j] = s00
      out[out0 + j + 1] = s01
      out[out0 + j + 2] = s02
      out[out0 + j + 3] = s03
      out[out1 + j] = s10
      out[out1 + j + 1] = s11
      out[out1 + j + 2] = s12
      out[out1 + j + 3] = s13
    }
  }
  for (let i = 0; i < aRows.count; i++) {
    for (let j = i < evenA ? fullB : 0; j < bRows.count; j++) {
      const aFrom = (aRows.start + i) * dimensions
      const bFrom = (bRows.start + j) * dimensions
      let sum = 0
      for (let d = 0; d < dimensions; d++) sum += (a[aFrom + d] as number) * (b[bFrom + d] as number)
      out[i * bRows.count + j] = sum
    }
  }
}
