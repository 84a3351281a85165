import { createRandom } from '../datasets/random.js'
import { expected } from '../errors.js'

/** One score a query, and the class it asks about. */
export interface ClassScores {
  readonly scores: readonly number[]
  readonly classes: readonly string[]
}

export interface BootstrapOptions {
  readonly seed: number
  /** How often the data are drawn anew. */
  readonly resamples?: number
  /** Share of the intervals that should hold the true mean. */
  readonly confidence?: number
}

export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/**
 * Percentile interval of the mean score. Each resample draws classes with replacement, then queries within each
 * (Davison and Hinkley, Bootstrap Methods, 1997, section 3.8): queries of one class succeed and fail together, so
 * drawing queries alone would promise too much.
 *
 * @returns `mean` over the queries as they are, `low` and `high` from the resamples
 * @throws KindredError INVALID_ARGUMENT
 */
export function bootstrapMean(data: ClassScores, options: BootstrapOptions): Interval {
  const { seed, resamples = 2000, confidence = 0.95 } = options
  if (!Number.isInteger(resamples) || resamples < 1)
    throw expected('a positive whole number', 'resamples', resamples)
  if (!(confidence > 0 && confidence < 1))
    throw expected('a number between 0 and 1', 'confidence', confidence)
  const groups = groupByClass(data)
  const random = createRandom(seed)
  const means = new Float64Array(resamples)
  for (let n = 0; n < resamples; n++) {
    let sum = 0
    let count = 0
    for (let c = 0; c < groups.length; c++) {
      const group = groups[Math.floor(random() * groups.length)] as Float64Array
      for (let i = 0; i < group.length; i++) sum += group[Math.floor(random() * group.length)] as number
      count += group.length
    }
    means[n] = sum / count
  }
  means.sort()
  const mean = data.scores.reduce((sum, score) => sum + score, 0) / data.scores.length
  return { mean, low: quantile(means, (1 - confidence) / 2), high: quantile(means, (1 + confidence) / 2) }
}

/**
 * Interval of the mean of `scores - baseline`, two systems asked the same queries: what is hard for both cancels out.
 * An interval above 0 says that the first is better.
 *
 * @throws KindredError INVALID_ARGUMENT
 */
export function bootstrapPairedDifference(
  data: ClassScores & { readonly baseline: readonly number[] },
  options: BootstrapOptions,
): Interval {
  const { scores, baseline, classes } = data
  if (baseline.length !== scores.length)
    throw expected(`${scores.length} scores`, 'baseline', baseline.length)
  return bootstrapMean({ scores: scores.map((score, i) => score - (baseline[i] ?? NaN)), classes }, options)
}

function groupByClass({ scores, classes }: ClassScores): Float64Array[] {
  if (scores.length === 0) throw expected('at least one', 'scores', 0)
  if (classes.length !== scores.length) throw expected(`${scores.length} classes`, 'classes', classes.length)
  const groups = new Map<string, number[]>()
  scores.forEach((score, i) => {
    if (!Number.isFinite(score)) throw expected('a finite number', `score ${i}`, score)
    const label = classes[i] ?? ''
    const group = groups.get(label)
    if (group === undefined) groups.set(label, [score])
    else group.push(score)
  })
  return [...groups.values()].map((group) => Float64Array.from(group))
}

/** Between the two nearest order statistics (Hyndman and Fan, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place - Math.floor(place))
}
