/** Mean of a few measurements, and how sure it is. */
export interface Summary {
  readonly mean: number
  /** Sample standard deviation (n - 1). */
  readonly standardDeviation: number
  /** Student's t interval of the mean that holds it in 95 of 100 repetitions. */
  readonly interval: readonly [number, number]
}

/** @returns null for fewer than two values, of which no spread can be told */
export function summarise(values: readonly number[]): Summary | null {
  const count = values.length
  if (count < 2) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const standardDeviation = Math.sqrt(squares / (count - 1))
  const half = (tQuantile(0.975, count - 1) * standardDeviation) / Math.sqrt(count)
  return { mean, standardDeviation, interval: [mean - half, mean + half] }
}

/**
 * Quantile of Student's t distribution.
 *
 * @param probability from 0.5 up to, but not including, 1
 * @param degrees of freedom, a whole number from 1
 */
export function tQuantile(probability: number, degrees: number): number {
  let [low, high] = [0, 1]
  while (tDistribution(high, degrees) < probability) high *= 2
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2
    if (tDistribution(middle, degrees) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(T <= t) for t from 0, by the finite series for whole degrees of freedom (Abramowitz and Stegun, 26.7.3-4). */
function tDistribution(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees))
  const squared = Math.cos(angle) ** 2
  const odd = degrees % 2 === 1
  let term = odd ? Math.cos(angle) : 1
  let sum = 0
  // Terms cos^k with k odd up to degrees - 2, or even.
  for (let power = odd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term
    term *= (squared * (power + 1)) / (power + 2)
  }
  const twoSided = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
  return (1 + twoSided) / 2
}
