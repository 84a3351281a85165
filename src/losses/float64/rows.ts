/** Row-major float64 values: `count` rows of `width`. */
export interface Rows {
  readonly values: Float64Array
  readonly count: number
  readonly width: number
}

/** Smallest square that a root is taken of: its gradient stays finite at 0. */
export const smallestSquare = 1e-12

/** Rows at unit length, e = z / sqrt(max(|z|^2, 1e-12)), and the way back of their gradient. */
export function unitRows({ values, count, width }: Rows): {
  readonly unit: Rows
  /** @returns the gradient by z of what has this gradient by e */
  readonly backward: (byUnit: Float64Array) => Float64Array
} {
  const unit = new Float64Array(values.length)
  const lengths = new Float64Array(count)
  const squares = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const from = row * width
    let square = 0
    for (let k = from; k < from + width; k++) square += (values[k] as number) ** 2
    const length = Math.sqrt(Math.max(square, smallestSquare))
    squares[row] = square
    lengths[row] = length
    for (let k = from; k < from + width; k++) unit[k] = (values[k] as number) / length
  }
  return {
    unit: { values: unit, count, width },
    backward(byUnit) {
      const gradient = new Float64Array(values.length)
      for (let row = 0; row < count; row++) {
        const from = row * width
        const length = lengths[row] as number
        let along = 0
        // Where the clamp holds the length does not move with z.
        if ((squares[row] as number) > smallestSquare) {
          for (let k = from; k < from + width; k++) along += (byUnit[k] as number) * (unit[k] as number)
        }
        for (let k = from; k < from + width; k++) {
          gradient[k] = ((byUnit[k] as number) - along * (unit[k] as number)) / length
        }
      }
      return gradient
    },
  }
}
