import { bootstrapMean, type Interval } from '../../../evaluation/bootstrap.js'
import type { EmbedFailure } from '../../../evaluation/embed-pictures.js'
import { figuresByClass } from '../../../evaluation/per-class.js'
import { addScores, emptyScores, type RankingScores } from '../../../evaluation/ranking-scores.js'
import { scoreIntervals } from '../../../evaluation/score-intervals.js'
import type { Gallery } from './gallery.js'
import type { BothAnswers } from './graph-recall.js'
import type { Judgement } from './judge.js'
import type { BenchQuery } from './query.js'
import type { MeasuredClass, QueryRecord, RetrievalRun } from './retrieval-run.js'
import type { DeepAnswer, FoundItem, Timings } from './search-deep.js'

/** A query that was answered. */
export interface Asked {
  readonly query: BenchQuery
  readonly contentHash: string | null
  readonly judgement: Judgement
  readonly answer: DeepAnswer
  /** The answer without the query's own picture. */
  readonly found: readonly FoundItem[]
  readonly both: BothAnswers | null
}

/** A query that was not. */
export interface Unread {
  readonly failure: EmbedFailure
}

/** Answers of each query that the file keeps: as many as the page shows. */
const keptAnswers = 6

export function summarise(
  asked: readonly Asked[],
  failures: readonly EmbedFailure[],
  gallery: Gallery,
  { ks, seed }: { readonly ks: readonly number[]; readonly seed: number },
): Omit<RetrievalRun, 'graph'> {
  const counted = asked.filter(({ judgement }) => judgement.right.size > 0)
  const scores = emptyScores(ks)
  for (const { found, judgement } of counted) {
    addScores(
      scores,
      found.map(({ id }) => judgement.right.has(id)),
      judgement.right.size,
    )
  }
  // Queries of one class succeed and fail together; one without a class stands for itself.
  const classes = counted.map(({ query }) => query.label ?? `query ${query.id}`)
  return {
    recall: Object.fromEntries(Object.entries(scores.recall).map(([k, values]) => [k, mean(values)])),
    rPrecision: mean(scores.rPrecision),
    mapAtR: mean(scores.mapAtR),
    intervals: scoreIntervals(scores, classes, { seed }),
    perClass: counted.some(({ query }) => query.label === null)
      ? []
      : withIntervals({ ...scores, labels: classes }, seed),
    counts: {
      queries: counted.length,
      leftOut: asked.length - counted.length,
      gallery: gallery.labels.size,
      classes: new Set(counted.flatMap(({ query }) => query.label ?? [])).size,
      own: asked.filter(({ judgement }) => judgement.own.size > 0).length,
      failed: failures.length,
      absent: asked.reduce((sum, { judgement }) => sum + judgement.absent, 0),
    },
    timings: meanTimings(asked.map(({ answer }) => answer.timings)),
    queries: counted.map((one, at) => recordOf(one, scores, at)),
    failures,
  }
}

function recordOf(
  { query, contentHash, judgement, found }: Asked,
  { recall, rPrecision, mapAtR }: RankingScores,
  at: number,
): QueryRecord {
  return {
    id: query.id,
    label: query.label,
    contentHash,
    relevant: judgement.right.size,
    recall: Object.fromEntries(Object.entries(recall).map(([k, values]) => [k, values[at] ?? NaN])),
    rPrecision: rPrecision[at] ?? NaN,
    mapAtR: mapAtR[at] ?? NaN,
    answers: found
      .slice(0, keptAnswers)
      .map(({ id, score }) => ({ id, score, right: judgement.right.has(id) })),
  }
}

/** Each class's figures, with intervals over its own queries. */
function withIntervals(
  scores: RankingScores & { readonly labels: readonly string[] },
  seed: number,
): MeasuredClass[] {
  const members = new Map<string, number[]>()
  for (const [at, label] of scores.labels.entries()) {
    const known = members.get(label)
    if (known === undefined) members.set(label, [at])
    else known.push(at)
  }
  return figuresByClass(scores).map((figures) => {
    const rows = members.get(figures.label) ?? []
    const interval = (values: readonly number[] = []): Pick<Interval, 'low' | 'high'> => {
      const own = rows.map((row) => values[row] ?? NaN)
      const { low, high } = bootstrapMean({ scores: own, classes: own.map(() => figures.label) }, { seed })
      return { low, high }
    }
    const intervals =
      rows.length < 2 ? null : { recallAt1: interval(scores.recall['1']), mapAtR: interval(scores.mapAtR) }
    return { ...figures, intervals }
  })
}

function meanTimings(all: readonly Timings[]): Timings {
  const of = (stage: keyof Timings): number => mean(all.map((timings) => timings[stage]))
  return { decode: of('decode'), embed: of('embed'), search: of('search'), total: of('total') }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
