import { precisionAtR } from './precision-at-r.js'

/** Scores of several queries, in their order. */
export interface RankingScores {
  /** By K: 1 where a picture of the class is among the K nearest, else 0. */
  readonly recall: Readonly<Record<string, readonly number[]>>
  readonly rPrecision: readonly number[]
  readonly mapAtR: readonly number[]
}

/** Scores to which `addScores` adds. */
interface GrowingScores extends RankingScores {
  readonly recall: Record<string, number[]>
  readonly rPrecision: number[]
  readonly mapAtR: number[]
}

/** @param ks the K of recall@K */
export function emptyScores(ks: readonly number[]): GrowingScores {
  return { recall: Object.fromEntries(ks.map((k) => [k, []])), rPrecision: [], mapAtR: [] }
}

/**
 * Scores one more ranking.
 *
 * @param hits whether each answer is of the query's class, best first; what is missing is none
 * @param r pictures of the class that could be found
 */
export function addScores(scores: GrowingScores, hits: readonly boolean[], r: number): void {
  const firstHit = hits.indexOf(true)
  for (const [k, values] of Object.entries(scores.recall)) {
    values.push(firstHit >= 0 && firstHit < Number(k) ? 1 : 0)
  }
  const { rPrecision, mapAtR } = precisionAtR(hits, r)
  scores.rPrecision.push(rPrecision)
  scores.mapAtR.push(mapAtR)
}

/** Each kind of score by its name: `recall@1`, `rPrecision`, `mapAtR`. */
export function namedScores({ recall, rPrecision, mapAtR }: RankingScores): [string, readonly number[]][] {
  return [
    ...Object.entries(recall).map(([k, scores]): [string, readonly number[]] => [`recall@${k}`, scores]),
    ['rPrecision', rPrecision],
    ['mapAtR', mapAtR],
  ]
}
