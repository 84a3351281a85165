import { quantile } from '../../src/bench/quantile.js'

export interface MemoryTrend {
  /** Median of the second fifth of the samples: the first one is warm-up. */
  readonly early: number
  /** Median of the last fifth. */
  readonly late: number
  readonly flat: boolean
}

/**
 * Tells growth from noise: a leak of a thousandth of what each request brings adds up over thousands of them, while a heap that is
 * collected when it pleases, and an allocator that keeps what it has had, go up and down around a level.
 *
 * @param samples bytes, at even distances
 * @param allowance bytes that the level may rise by
 */
export function memoryTrend(samples: readonly number[], allowance: number): MemoryTrend {
  const fifth = Math.floor(samples.length / 5)
  if (fifth < 5) throw new Error(`${samples.length} samples tell no trend`)
  const early = quantile(samples.slice(fifth, 2 * fifth), 0.5)
  const late = quantile(samples.slice(-fifth), 0.5)
  return { early, late, flat: late - early <= allowance }
}
