import { build } from 'hdr-histogram-js'

/** Milliseconds; each within 0.1 % of what was measured. */
export interface Percentiles {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p75: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly p9999: number
  readonly max: number
}

/** Places of the curve that is drawn: as many nines as there are measurements for. */
const curvePlaces = [0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975, 99.99]

/** Counts durations in buckets whose width grows with the value (Tene, HdrHistogram): memory does not grow with their number. */
export class LatencyHistogram {
  /** Microseconds, to three digits. */
  readonly #counts = build({ lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 })

  add(ms: number): void {
    this.#counts.recordValue(Math.max(0, Math.round(1000 * ms)))
  }

  /** null where nothing was counted. */
  percentiles(): Percentiles | null {
    const counts = this.#counts
    if (counts.totalCount === 0) return null
    return {
      count: counts.totalCount,
      mean: counts.mean / 1000,
      p50: this.#at(50),
      p75: this.#at(75),
      p90: this.#at(90),
      p95: this.#at(95),
      p99: this.#at(99),
      p999: this.#at(99.9),
      p9999: this.#at(99.99),
      max: counts.maxValue / 1000,
    }
  }

  /** Percentiles and milliseconds, to be drawn: those that at least one measurement lies above. */
  curve(): (readonly [percentile: number, ms: number])[] {
    return curvePlaces
      .filter((place) => (1 - place / 100) * this.#counts.totalCount >= 1)
      .map((place) => [place, this.#at(place)] as const)
  }

  #at(percentile: number): number {
    // The bucket's upper end may lie above everything that was measured.
    return Math.min(this.#counts.getValueAtPercentile(percentile), this.#counts.maxValue) / 1000
  }
}
