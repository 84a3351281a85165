/**
 * The value below which a share of the others lies, linearly interpolated (type 7 of Hyndman and Fan, 1996).
 *
 * @param share 0 to 1; 0.5 is the median
 * @returns NaN for no values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? NaN
  const above = sorted[Math.ceil(position)] ?? NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
