import type { Companions } from '../float64/companions.js'
import type { SquareMatrix } from '../float64/square-matrix.js'

/** Visits the triplets to learn from, one after another: there may be B^3. */
export type Mine = (
  distances: SquareMatrix,
  companions: readonly Companions[],
  visit: (anchor: number, positive: number, negative: number) => void,
) => void

/** Every triplet of the batch. */
export const allTriplets: Mine = (_, companions, visit) => {
  for (const { anchor, positives, negatives } of companions) {
    for (const p of positives) for (const n of negatives) visit(anchor, p, n)
  }
}

/** Those whose negative is farther than the positive, but not by more than the margin. */
export const semiHard =
  (margin: number): Mine =>
  (distances, companions, visit) => {
    allTriplets(distances, companions, (a, p, n) => {
      const lead = distances.get(a, n) - distances.get(a, p)
      if (lead > 0 && lead <= margin) visit(a, p, n)
    })
  }

/** The farthest positive and the nearest negative of each anchor that has both. */
export const batchHard: Mine = (distances, companions, visit) => {
  for (const { anchor, positives, negatives } of companions) {
    const [p] = positives.toSorted((a, b) => distances.get(anchor, b) - distances.get(anchor, a))
    const [n] = negatives.toSorted((a, b) => distances.get(anchor, a) - distances.get(anchor, b))
    if (p !== undefined && n !== undefined) visit(anchor, p, n)
  }
}
