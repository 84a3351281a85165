/** A matrix of one float64 for each ordered pair of the rows of a batch: similarities, distances, or their gradient. */
export class SquareMatrix {
  readonly values: Float64Array

  constructor(readonly size: number) {
    this.values = new Float64Array(size * size)
  }

  get(row: number, column: number): number {
    return this.values[row * this.size + column] as number
  }

  add(row: number, column: number, value: number): void {
    const at = row * this.size + column
    this.values[at] = (this.values[at] as number) + value
  }

  setBoth(row: number, column: number, value: number): void {
    this.values[row * this.size + column] = value
    this.values[column * this.size + row] = value
  }

  /** What both orders of a pair hold together: the gradient of a symmetric entry. */
  sumBoth(row: number, column: number): number {
    return this.get(row, column) + this.get(column, row)
  }

  /** A new matrix of `change(value, place)` in row-major order. */
  map(change: (value: number, at: number) => number): SquareMatrix {
    const result = new SquareMatrix(this.size)
    for (let at = 0; at < this.values.length; at++) result.values[at] = change(this.values[at] as number, at)
    return result
  }
}
