import { smallestSquare, type Rows } from '../float64/rows.js'
import { SquareMatrix } from '../float64/square-matrix.js'
import { choice, number } from '../params.js'
import type { Distance } from './distance.js'
import { distributionsOf, throughSoftmax } from './distributions.js'
import { divergenceNames, divergences, type DivergenceName } from './divergences.js'
import { euclidean } from './euclidean.js'

export interface GhmSettings {
  /** Share of the geometric distance: 1 is that alone, 0 the probabilistic alone. */
  readonly lambda: number
  readonly temperature: number
  readonly divergence: DivergenceName
}

/** Parameters of the distance that do not change from loss to loss. */
export const ghmParams = {
  lambda: number(0.5, 'Share of the geometric distance; the rest is probabilistic.', [0, 1]),
  temperature: number(1, 'T of p = softmax(z / T): a higher one blurs the distributions.', [1e-3, 1e3]),
  divergence: choice('js', 'Divergence of the probabilistic distance.', divergenceNames),
}

/**
 * The hybrid distance after Li and Ralescu ("Generalized hybrid metric loss", ICTAI 2022), whose formula is not
 * publicly readable; this is our reading of it:
 *
 *     D_ij = lambda |e_i - e_j| / 2 + (1 - lambda) sqrt(JS(p_i, p_j) / ln 2),   p_i = softmax(z_i / T)
 *
 * in [0, 1], a metric on e for lambda in (0, 1] (with the divergences `js` and `hellinger`).
 */
export function ghmDistance({ lambda, temperature, divergence }: GhmSettings): Distance {
  const geometric = scaled(euclidean, lambda / 2)
  const probabilistic = scaled(probabilisticDistance(temperature, divergence), 1 - lambda)
  if (lambda === 1) return geometric
  if (lambda === 0) return probabilistic
  return {
    between(embeddings) {
      const one = geometric.between(embeddings)
      const other = probabilistic.between(embeddings)
      return {
        distances: sum(one.distances, other.distances),
        backward(gradient) {
          const byOther = other.backward(gradient)
          return one.backward(gradient).map((value, at) => value + (byOther[at] as number))
        },
      }
    },
  }
}

const scaled = (distance: Distance, factor: number): Distance => ({
  between(embeddings) {
    const { distances, backward } = distance.between(embeddings)
    return {
      distances: distances.map((value) => factor * value),
      backward: (gradient) => backward(gradient).map((value) => factor * value),
    }
  },
})

function sum(a: SquareMatrix, b: SquareMatrix): SquareMatrix {
  return a.map((value, at) => value + (b.values[at] as number))
}

function probabilisticDistance(temperature: number, name: DivergenceName): Distance {
  const divergence = divergences[name]
  const { largestRoot } = divergence
  return {
    between(embeddings: Rows) {
      const p = distributionsOf(embeddings, temperature)
      const divergenceOf = new SquareMatrix(p.count)
      const distances = new SquareMatrix(p.count)
      const keep = keeper(p)
      for (let i = 0; i < p.count; i++) {
        for (let j = 0; j < i; j++) {
          const value = divergence.of(p, i, j, keep(i, j))
          divergenceOf.setBoth(i, j, value)
          distances.setBoth(i, j, Math.sqrt(Math.max(value, smallestSquare)) / largestRoot)
        }
      }
      return {
        distances,
        backward(gradient) {
          const byLogarithms = new Float64Array(embeddings.values.length)
          for (let i = 0; i < p.count; i++) {
            for (let j = 0; j < i; j++) {
              const value = divergenceOf.get(i, j)
              const byDistance = gradient.sumBoth(i, j)
              if (byDistance === 0 || value <= smallestSquare) continue
              const weight = byDistance / (2 * Math.sqrt(value) * largestRoot)
              divergence.addGradient(byLogarithms, p, { i, j, value, kept: keep(i, j) }, weight)
            }
          }
          return throughSoftmax(p, byLogarithms, temperature)
        },
      }
    },
  }
}

/** Most numbers kept for the gradient, 64 MiB of them: a larger batch computes them twice. */
const mostKept = 1 << 23

/** Room for one row of numbers for each pair of a batch; null where it would be too much. */
function keeper({ count, width }: Rows): (i: number, j: number) => Float64Array | null {
  const pairs = (count * (count - 1)) / 2
  if (pairs * width > mostKept) return () => null
  const values = new Float64Array(pairs * width)
  return (i, j) => {
    const start = ((i * (i - 1)) / 2 + j) * width
    return values.subarray(start, start + width)
  }
}
