import { bootstrapPairedDifference, type Interval } from '../../evaluation/bootstrap.js'
import { namedScores } from '../../evaluation/ranking-scores.js'
import { KindredError } from '../../errors.js'
import type { BenchRun } from './bench-run.js'
import type { QueryRecord } from './retrieval/retrieval-run.js'

/** Differences of shares of 1: above 0 the second run is better. */
export interface Comparison {
  readonly queries: number
  /** Queries that only one of the runs has. */
  readonly unpaired: number
  readonly measures: readonly MeasureDifference[]
  /** What is not the same about the runs: names, and both values. */
  readonly differs: readonly { readonly what: string; readonly before: string; readonly after: string }[]
  /** p99 in milliseconds of the last step of load that both runs made, `after` null where then nothing was answered; null where there is none. */
  readonly p99: { readonly before: number; readonly after: number | null } | null
  /** What got worse by more than is allowed; empty where all is well. */
  readonly regressions: readonly string[]
}

export interface MeasureDifference extends Interval {
  readonly name: string
  readonly before: number
  readonly after: number
}

export interface CompareOptions {
  readonly seed: number
  /** How much lower a mean may be, as a share of 1. */
  readonly maxDrop: number
  /** How many times as long p99 may be; null where time does not count. */
  readonly maxSlowdown: number | null
}

/**
 * Compares two runs query by query.
 *
 * @throws KindredError INVALID_ARGUMENT where there is nothing to compare: neither query nor step of load in common, or not what the
 * options are about
 */
export function compareRuns(before: BenchRun, after: BenchRun, options: CompareOptions): Comparison {
  const { seed, maxDrop, maxSlowdown } = options
  const pairs = pairUp(before.retrieval?.queries ?? [], after.retrieval?.queries ?? [])
  const measures = pairs.length === 0 ? [] : compareMeasures(pairs, seed)
  const p99 = p99Of(before, after)
  const bothAsked = before.retrieval !== null && after.retrieval !== null
  if (measures.length === 0 && (p99 === null || bothAsked)) {
    throw new KindredError(
      'INVALID_ARGUMENT',
      `The runs have ${bothAsked ? 'no query' : 'nothing'} in common to compare`,
      {
        hint: 'Queries are paired by their ids: both runs must be of the same set.',
      },
    )
  }
  // A check that had nothing to look at must not look like one that was passed.
  if (maxSlowdown !== null && p99 === null) {
    throw new KindredError('INVALID_ARGUMENT', 'The runs have no step of load in common: no p99 to compare', {
      hint: 'Both runs need the same --rate or --clients; without --max-slowdown time does not count.',
    })
  }
  const all = (before.retrieval?.queries.length ?? 0) + (after.retrieval?.queries.length ?? 0)
  return {
    queries: pairs.length,
    unpaired: all - 2 * pairs.length,
    measures,
    differs: differences(before, after),
    p99,
    regressions: [
      ...measures.filter(({ mean }) => mean < -maxDrop).map(({ name }) => name),
      ...(p99 !== null && maxSlowdown !== null && (p99.after ?? Infinity) > maxSlowdown * p99.before
        ? ['p99']
        : []),
    ],
  }
}

interface Pair {
  readonly before: QueryRecord
  readonly after: QueryRecord
}

/** By id and content: a picture that was replaced under its name is another query. */
function pairUp(before: readonly QueryRecord[], after: readonly QueryRecord[]): Pair[] {
  const known = new Map(before.map((record) => [record.id, record]))
  return after.flatMap((record) => {
    const other = known.get(record.id)
    return other?.contentHash === record.contentHash && other.label === record.label
      ? [{ before: other, after: record }]
      : []
  })
}

function compareMeasures(pairs: readonly Pair[], seed: number): MeasureDifference[] {
  const classes = pairs.map(({ after }) => after.label ?? `query ${after.id}`)
  const before = scoresOf(pairs.map((pair) => pair.before))
  const after = scoresOf(pairs.map((pair) => pair.after))
  return [...after].flatMap(([name, scores]) => {
    const baseline = before.get(name)
    if (baseline === undefined) return []
    const difference = bootstrapPairedDifference({ scores, baseline, classes }, { seed })
    return [{ name, before: mean(baseline), after: mean(scores), ...difference }]
  })
}

/** Scores by the name of the measure; only those that every query has. */
function scoresOf(records: readonly QueryRecord[]): Map<string, readonly number[]> {
  const ks = Object.keys(records[0]?.recall ?? {})
  const all = namedScores({
    recall: Object.fromEntries(ks.map((k) => [k, records.map(({ recall }) => recall[k] ?? NaN)])),
    rPrecision: records.map(({ rPrecision }) => rPrecision),
    mapAtR: records.map(({ mapAtR }) => mapAtR),
  })
  return new Map(all.filter(([, scores]) => scores.every(Number.isFinite)))
}

function p99Of(before: BenchRun, after: BenchRun): Comparison['p99'] {
  const known = new Map(before.load?.steps.map((step) => [JSON.stringify(step.shape), step.latency?.p99]))
  const pairs = (after.load?.steps ?? []).flatMap(({ shape, latency }) => {
    const p99 = known.get(JSON.stringify(shape))
    return p99 === undefined ? [] : [{ before: p99, after: latency?.p99 ?? null }]
  })
  return pairs.at(-1) ?? null
}

function differences(before: BenchRun, after: BenchRun): Comparison['differs'] {
  const facts = (run: BenchRun): [string, string][] => [
    ['measured to the end', run.endedBy == null ? 'yes' : `no: ${run.endedBy.reason}`],
    ['model', run.collection.model ?? 'none'],
    ['graph', JSON.stringify(run.collection.hnsw)],
    ['ef of the queries', String(run.settings.ef ?? 'as the collection has it')],
    ['queries', run.data.queriesHash],
    ['collection', run.data.galleryHash ?? 'not listed'],
    ['kindred here', run.client.kindred],
    ['kindred there', run.server.version ?? 'unknown'],
    ['machine there', run.server.host == null ? 'not told' : JSON.stringify(run.server.host)],
    ['Node', run.client.node],
    ['machine', `${run.client.processor}, ${run.client.cores} cores`],
  ]
  const others = new Map(facts(after))
  return facts(before).flatMap(([what, value]) => {
    const other = others.get(what) ?? ''
    return other === value ? [] : [{ what, before: value, after: other }]
  })
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
