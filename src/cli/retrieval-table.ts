import type { Interval } from '../evaluation/bootstrap.js'
import type { NmiResult } from '../evaluation/nmi.js'
import type { ClassFigures } from '../evaluation/per-class.js'
import { percent } from './percent.js'

/** Figures of retrieval, as shares of 1. */
interface RetrievalFigures {
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
  /** By `recall@K`, `rPrecision` and `mapAtR`. */
  readonly intervals: Readonly<Record<string, Pick<Interval, 'low' | 'high'>>>
}

/** A line for each figure, with its interval where there is one. */
export function figureLines({ recall, rPrecision, mapAtR, intervals }: RetrievalFigures): string {
  const row = (name: string, value: number, key: string): string => {
    const interval = intervals[key]
    const range =
      interval === undefined ? '' : `  (95 %: ${percent(interval.low)} to ${percent(interval.high)})`
    return `  ${name.padEnd(14)}${percent(value).padStart(8)}${range}\n`
  }
  return [
    ...Object.entries(recall).map(([k, value]) => row(`Recall@${k}`, value, `recall@${k}`)),
    row('R-precision', rPrecision, 'rPrecision'),
    row('MAP@R', mapAtR, 'mapAtR'),
  ].join('')
}

/** The line of NMI below them. */
export const nmiLine = ({ mean, spread }: Pick<NmiResult, 'mean' | 'spread'>): string =>
  `  ${'NMI'.padEnd(14)}${percent(mean).padStart(8)}  (spread over 3 starts: ${percent(spread)})\n`

/** A line for each class. */
export function classTable(perClass: readonly ClassFigures[]): string {
  const cell = (text: string): string => text.padStart(13)
  return [
    `${['Recall@1', 'R-precision', 'MAP@R', 'queries'].map(cell).join('')}  class\n`,
    ...perClass.map(
      ({ label, queries, recallAt1, rPrecision, mapAtR }) =>
        `${[...[recallAt1, rPrecision, mapAtR].map(percent), String(queries)].map(cell).join('')}  ${label}\n`,
    ),
  ].join('')
}
