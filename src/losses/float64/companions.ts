/** For each row of a batch, the other rows of its class and those of other classes. */
export interface Companions {
  readonly anchor: number
  readonly positives: readonly number[]
  readonly negatives: readonly number[]
}

/** @param labels class of each row, [B] */
export function companionsOf(labels: ArrayLike<number>): Companions[] {
  const rows = Array.from(labels, (label, row) => ({ label, row }))
  return rows.map(({ label, row: anchor }) => ({
    anchor,
    positives: rows.filter((other) => other.label === label && other.row !== anchor).map(({ row }) => row),
    negatives: rows.filter((other) => other.label !== label).map(({ row }) => row),
  }))
}
