import type { QueryRow } from './query-table.js'
import type { SearchLoad } from './search-load.js'

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`

export const duration = (seconds: number): string =>
  seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`

export const count = (value: number): string => Math.round(value).toLocaleString('en')

export const queryHead = ['ef', 'recall@10', 'queries/s', 'median', 'p99', 'longest pause of the event loop']

export const queryCells = ({ ef, recall, searches }: QueryRow): string[] => [
  String(ef),
  recall.toFixed(4),
  count(searches.perSecond),
  ...[searches.median, searches.p99].map((ms) => `${ms.toFixed(1)} ms`),
  `${searches.pause.toFixed(0)} ms`,
]

/** Searches beside some other work. */
export const beside = ({ perSecond, median, p99, longest }: SearchLoad): string =>
  `${count(perSecond)} searches/s beside it: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`
