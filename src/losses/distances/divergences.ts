import type { Distributions } from './distributions.js'

/** How far apart two distributions of a batch are. */
export interface Divergence {
  /**
   * The divergence of rows i and j, 0 where they are the same.
   *
   * @param kept [width], where the gradient may find again what is dear to compute
   */
  of(p: Distributions, i: number, j: number, kept: Float64Array | null): number
  /**
   * Adds `weight` times the gradient of the divergence by log p of both rows. It may leave out multiples of p, which
   * softmax takes away.
   *
   * @param rows.value the divergence
   * @param rows.kept as `of` filled it
   */
  addGradient(
    into: Float64Array,
    p: Distributions,
    rows: { i: number; j: number; value: number; kept: Float64Array | null },
    weight: number,
  ): void
  /** What the root of the divergence is divided by, so that it lies in [0, 1]. */
  readonly largestRoot: number
}

/** Jensen and Shannon: H((p + q) / 2) - (H(p) + H(q)) / 2, natural logarithm, at most ln 2; its root is a metric. */
const jensenShannon: Divergence = {
  largestRoot: Math.sqrt(Math.LN2),
  of({ values, entropies, width }, i, j, kept) {
    let entropy = 0
    for (let k = 0; k < width; k++) {
      const middle = ((values[i * width + k] as number) + (values[j * width + k] as number)) / 2
      if (middle === 0) continue
      const logarithm = Math.log(middle)
      if (kept !== null) kept[k] = logarithm
      entropy -= middle * logarithm
    }
    return entropy - ((entropies[i] as number) + (entropies[j] as number)) / 2
  },
  addGradient(into, { values, logarithms, width }, { i, j, kept }, weight) {
    for (let k = 0; k < width; k++) {
      const a = i * width + k
      const b = j * width + k
      const p = values[a] as number
      const q = values[b] as number
      const middle = (p + q) / 2
      if (middle === 0) continue
      const logarithm = kept === null ? Math.log(middle) : (kept[k] as number)
      into[a] = (into[a] as number) + (weight / 2) * p * ((logarithms[a] as number) - logarithm)
      into[b] = (into[b] as number) + (weight / 2) * q * ((logarithms[b] as number) - logarithm)
    }
  },
}

/** Hellinger: sum (sqrt p - sqrt q)^2 / 2, at most 1; its root is a metric. */
const hellinger: Divergence = {
  largestRoot: 1,
  of({ values, width }, i, j) {
    let sum = 0
    for (let k = 0; k < width; k++) {
      sum += (Math.sqrt(values[i * width + k] as number) - Math.sqrt(values[j * width + k] as number)) ** 2
    }
    return sum / 2
  },
  addGradient(into, { values, width }, { i, j }, weight) {
    for (let k = 0; k < width; k++) {
      const [a, b] = [i * width + k, j * width + k]
      const both = (weight / 2) * Math.sqrt((values[a] as number) * (values[b] as number))
      into[a] = (into[a] as number) - both
      into[b] = (into[b] as number) - both
    }
  },
}

/**
 * Jeffreys: J = sum (p - q)(log p - log q), which has no bound, so here 1 - exp(-J / (8 ln 2)): it lies in [0, 1] and
 * meets Jensen and Shannon's where p and q are close. Its root need not obey the triangle inequality.
 */
const jeffreys: Divergence = {
  largestRoot: 1,
  of({ values, logarithms, width }, i, j) {
    let sum = 0
    for (let k = 0; k < width; k++) {
      const [a, b] = [i * width + k, j * width + k]
      sum +=
        ((values[a] as number) - (values[b] as number)) *
        ((logarithms[a] as number) - (logarithms[b] as number))
    }
    return -Math.expm1(-sum / jeffreysScale)
  },
  addGradient(into, { values, logarithms, width }, { i, j, value }, weight) {
    const factor = (weight * (1 - value)) / jeffreysScale
    if (factor === 0) return
    for (let k = 0; k < width; k++) {
      const [a, b] = [i * width + k, j * width + k]
      const [p, q] = [values[a] as number, values[b] as number]
      const logarithm = (logarithms[a] as number) - (logarithms[b] as number)
      into[a] = (into[a] as number) + factor * (p * logarithm + p - q)
      into[b] = (into[b] as number) + factor * (q - p - q * logarithm)
    }
  },
}

const jeffreysScale = 8 * Math.LN2

export const divergences = { js: jensenShannon, hellinger, jeffreys }

export type DivergenceName = keyof typeof divergences
export const divergenceNames = ['js', 'hellinger', 'jeffreys'] as const satisfies readonly DivergenceName[]
