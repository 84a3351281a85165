import { expected, KindredError } from '../errors.js'

/** Most entries of one page of a listing. */
export const largestPage = 1000

/** @throws KindredError INVALID_ARGUMENT that names the argument and its range */
export function checkWhole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw expected(`a whole number from ${low} to ${high}`, name, value)
  }
}

/** @throws KindredError INVALID_ARGUMENT when an id comes twice: one call must not say two things of one item */
export function checkNoneTwice(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) {
      throw new KindredError('INVALID_ARGUMENT', `The item ${JSON.stringify(id)} comes twice in one call`)
    }
    seen.add(id)
  }
}
