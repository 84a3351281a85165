import type { Arrivals } from './arrivals.js'
import type { Percentiles } from './latency-histogram.js'
import type { ServerTimes } from './server-times.js'

/** What a load benchmark found, as it stands in the file of a run. Times are milliseconds. */
export interface LoadRun {
  readonly settings: LoadSettings
  /** Distinct queries that were sent in turn, and their size on the wire. */
  readonly requests: { readonly distinct: number; readonly meanBytes: number }
  readonly steps: readonly LoadStep[]
  /** null where none was asked for. */
  readonly ramp: RampResult | null
}

export interface LoadSettings {
  readonly arrivals: Arrivals
  /** Seconds that count, and those before that do not. */
  readonly seconds: number
  readonly warmUp: number
  readonly connections: number
  readonly timeoutSeconds: number
  readonly k: number
  /** Breadth of the walk through the graph; null as the collection has it. */
  readonly ef: number | null
  /** Each step draws its arrivals from a seed of its own: this and its number, counted from 1. */
  readonly seed: number
}

/** What a step was asked to do. */
export type LoadShape =
  | { readonly loop: 'open'; readonly arrivals: Arrivals; readonly rate: number }
  | { readonly loop: 'closed'; readonly clients: number }

export interface LoadStep {
  readonly shape: LoadShape
  /** That its arrivals were drawn from. */
  readonly seed: number
  /**
   * Requests a second that were due while it counted: by chance not quite those that were asked for. null where clients wait
   * for their answers, and so nothing is due.
   */
  readonly offered: number | null
  /** From the end of the warm-up to the last answer, and at least as long as was asked for. */
  readonly seconds: number
  readonly sent: number
  readonly answered: number
  /** 503 and 429: the server said that it could not now. */
  readonly refused: number
  /** Everything else, timeouts among it. */
  readonly failed: number
  /** Answers a second. */
  readonly rate: number
  /** From when a request was due to its answer; null where none was answered. */
  readonly latency: Percentiles | null
  readonly latencyCurve: readonly (readonly [percentile: number, ms: number])[]
  /** How long refusals took. */
  readonly refusalLatency: Percentiles | null
  /** Refusals and failures by the code of the problem, or by what broke. */
  readonly errors: Readonly<Record<string, number>>
  /** What the server says in its answers that each part took. */
  readonly stages: Readonly<Record<StageName, Percentiles>> | null
  /** Means over the seconds that count, from the server's /metrics; null where it does not show them. */
  readonly metrics: ServerTimes | null
  /** Of bodies. */
  readonly bytes: { readonly sent: number; readonly received: number }
  readonly timeline: readonly LoadSecond[]
  readonly generator: GeneratorHealth
}

export const stageNames = ['decode', 'embed', 'search', 'total'] as const
export type StageName = (typeof stageNames)[number]

/** Requests that were due within one second of the step. */
export interface LoadSecond {
  readonly second: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
  readonly p50: number | null
  readonly p99: number | null
}

/** Whether the side that made the load kept up. */
export interface GeneratorHealth {
  /** How long after they were due requests were sent. */
  readonly late: Percentiles | null
  /** Share of the time in which its thread was busy. */
  readonly busy: number
  readonly mostInFlight: number
  /** Why its figures tell more of itself than of the server; empty where they do not. */
  readonly bottlenecks: readonly string[]
}

export interface RampResult {
  /** Most that p99 may be. */
  readonly sloMs: number
  /** Highest rate that was held, as it was really offered; null where none was. */
  readonly rate: number | null
  /** What kept it from going higher: the server, the side that made the load, or the most that was allowed. */
  readonly limitedBy: 'server' | 'client' | 'limit'
}
