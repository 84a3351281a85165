import type { Percentiles } from './latency-histogram.js'

/** Busier than this, the thread that makes the load is late with what it measures. */
const mostBusy = 0.9
/** A delay of its own that counts: of this length, and this share of what was measured. */
const lateness = { ms: 5, share: 0.1 }

/** Why figures tell more of the side that made the load than of the server. */
export function bottlenecksOf(seen: {
  readonly latency: Percentiles | null
  readonly late: Percentiles | null
  readonly busy: number
  readonly mostInFlight: number
  readonly connections: number
}): string[] {
  const { latency, late, busy, mostInFlight, connections } = seen
  const reasons: string[] = []
  if (busy > mostBusy) reasons.push(`its thread was busy ${(100 * busy).toFixed(0)} % of the time`)
  if (late !== null && late.p99 > lateness.ms && late.p99 > lateness.share * (latency?.p99 ?? 0)) {
    reasons.push(`it sent requests late, by ${late.p99.toFixed(1)} ms at p99`)
  }
  if (mostInFlight > connections) {
    reasons.push(`up to ${mostInFlight} requests shared ${connections} connections and waited for one`)
  }
  return reasons
}
