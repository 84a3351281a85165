import type { RankingScores } from './ranking-scores.js'

/** Means over the queries of one class, as shares of 1. */
export interface ClassFigures {
  readonly label: string
  readonly queries: number
  readonly recallAt1: number
  readonly rPrecision: number
  readonly mapAtR: number
}

/** One row a class, hardest first by MAP@R; ties by label. */
export function figuresByClass({
  labels,
  recall,
  rPrecision,
  mapAtR,
}: RankingScores & {
  readonly labels: readonly string[]
}): ClassFigures[] {
  const queries = new Map<string, number[]>()
  labels.forEach((label, query) => {
    const known = queries.get(label)
    if (known === undefined) queries.set(label, [query])
    else known.push(query)
  })
  const first = recall['1'] ?? []
  return [...queries]
    .map(([label, members]) => {
      const mean = (values: readonly number[]): number =>
        members.reduce((sum, query) => sum + (values[query] ?? NaN), 0) / members.length
      return {
        label,
        queries: members.length,
        recallAt1: mean(first),
        rPrecision: mean(rPrecision),
        mapAtR: mean(mapAtR),
      }
    })
    .sort((a, b) => a.mapAtR - b.mapAtR || (a.label < b.label ? -1 : 1))
}
