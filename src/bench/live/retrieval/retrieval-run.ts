import type { EmbedFailure } from '../../../evaluation/embed-pictures.js'
import type { Interval } from '../../../evaluation/bootstrap.js'
import type { NmiResult } from '../../../evaluation/nmi.js'
import type { ClassFigures } from '../../../evaluation/per-class.js'
import type { FoundItem, Timings } from './search-deep.js'

type Range = Pick<Interval, 'low' | 'high'>

/** What a retrieval benchmark found, as it stands in the file of a run; figures are shares of 1. */
export interface RetrievalRun {
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
  /** Of the queries' pictures; null where it was not asked for. Files of older versions lack it. */
  readonly nmi?: NmiResult | null
  /** 95 % bootstrap intervals by class, then query, named `recall@1`, `rPrecision`, `mapAtR`. */
  readonly intervals: Readonly<Record<string, Range>>
  /** Hardest class first; empty where queries have no class. */
  readonly perClass: readonly MeasuredClass[]
  readonly counts: {
    readonly queries: number
    /** Queries for which the collection has nothing right but themselves: in no mean. */
    readonly leftOut: number
    readonly gallery: number
    readonly classes: number
    /** Queries whose own picture is in the collection; there it was left out. */
    readonly own: number
    readonly failed: number
    /** Right items of `--truth` that the collection does not have. */
    readonly absent: number
  }
  /** The graph against exact answers; null where those were not asked for. */
  readonly graph: GraphRecall | null
  /** Of the answers by picture: what the server says it took, in the mean, in milliseconds. */
  readonly timings: Timings
  readonly queries: readonly QueryRecord[]
  readonly failures: readonly EmbedFailure[]
}

export interface MeasuredClass extends ClassFigures {
  /** 95 % bootstrap intervals over the class's queries; null where it has but one. */
  readonly intervals: { readonly recallAt1: Range; readonly mapAtR: Range } | null
}

export interface QueryRecord {
  readonly id: string
  readonly label: string | null
  readonly contentHash: string | null
  /** Right items in the collection, the query's own picture not among them. */
  readonly relevant: number
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
  /** The first few. */
  readonly answers: readonly (FoundItem & { readonly right: boolean })[]
}

export interface GraphRecall {
  /** By K: share of the K nearest items that the graph found too, as a mean over the queries that it answered; empty where it answered none. */
  readonly recall: Readonly<Record<string, number>>
  /** Queries that were answered by the graph; others the server compared with every item by itself. */
  readonly walked: number
  readonly asked: number
  /** The server's own time for the search alone, of those queries, in milliseconds: means; null where there are none. */
  readonly graphMs: number | null
  readonly exactMs: number | null
}
