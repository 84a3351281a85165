import type { LoadShape } from '../load/load-run.js'

/** Three digits are more than a latency is good for; the unit is never alone on a line. */
export function milliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)}\u00a0s`
  return `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)}\u00a0ms`
}

export const perSecond = (rate: number): string => (rate >= 100 ? rate.toFixed(0) : rate.toFixed(1))

export const shapeName = (shape: LoadShape): string =>
  shape.loop === 'open'
    ? `${perSecond(shape.rate)} searches/s, ${shape.arrivals}`
    : `${shape.clients} ${shape.clients === 1 ? 'client' : 'clients'} at once`

/** In kB where it is less than a megabyte. */
export const size = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)}\u00a0kB` : `${(bytes / 1e6).toFixed(1)}\u00a0MB`
