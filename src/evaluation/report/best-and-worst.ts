/** A query that could be shown. */
interface Candidate {
  readonly mapAtR: number
  readonly answers: readonly { readonly score: number }[]
}

/** Each side at most half of the classes: nothing should be shown as both. */
export const examplesOfEachSide = (classes: number, shown: number): number =>
  Math.min(shown, Math.max(1, Math.floor(classes / 2)))

/**
 * The queries with the lowest and the highest MAP@R, one a class. Of equals the better one is surer of its right answer, the
 * worse one of its wrong one.
 *
 * @param lowest what the worst are chosen from, and `highest` the best
 */
export function bestAndWorst<T extends Candidate>(
  lowest: readonly T[],
  highest: readonly T[],
  each: number,
  labelOf: (candidate: T) => string,
): { best: T[]; worst: T[] } {
  const worst = onePerClass(
    lowest.toSorted((a, b) => a.mapAtR - b.mapAtR || firstScore(b) - firstScore(a)),
    each,
    new Set(),
    labelOf,
  )
  const best = onePerClass(
    highest.toSorted((a, b) => b.mapAtR - a.mapAtR || firstScore(b) - firstScore(a)),
    each,
    new Set(worst.map(labelOf)),
    labelOf,
  )
  return { best, worst }
}

const firstScore = ({ answers }: Candidate): number => answers[0]?.score ?? -1

function onePerClass<T>(
  candidates: readonly T[],
  count: number,
  used: Set<string>,
  labelOf: (candidate: T) => string,
): T[] {
  return candidates
    .filter((candidate) => {
      const label = labelOf(candidate)
      if (used.has(label)) return false
      used.add(label)
      return true
    })
    .slice(0, count)
}
