import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { euclidean } from '../../src/losses/distances/euclidean.js'
import { ghmDistance } from '../../src/losses/distances/ghm.js'
import { companionsOf } from '../../src/losses/float64/companions.js'
import { distanceWeighted } from '../../src/losses/mining/distance-weighted.js'
import { allTriplets, batchHard, semiHard } from '../../src/losses/mining/mining.js'
import { triplet } from '../../src/losses/triplet.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { checkLoss, randomMatrix, type Matrix } from './check-loss.js'
import * as plain from './plain.js'

const margin = 0.2
const hybrid = ghmDistance({ lambda: 0.5, temperature: 1, divergence: 'js' })

for (const [name, distance, reference] of [
  ['Euclidean', euclidean, plain.euclideanDistance],
  ['hybrid', hybrid, plain.ghmDistance(0.5)],
] as const) {
  const hinges = (rows: Matrix, labels: number[]) => {
    const d = plain.between(rows, reference)
    return plain.tripletsOf(labels).map(({ a, p, n }) => ({ a, ap: d(a, p), an: d(a, n) }))
  }
  checkLoss(`triplet loss of all triplets, ${name} distance`, {
    ours: ([embeddings], labels) =>
      triplet(embeddings as never, labels, distance, { margin, mine: allTriplets, mean: 'non-zero' }),
    oracle: ([rows = []], labels) =>
      plain.meanOfHinges(hinges(rows, labels).map(({ ap, an }) => ap - an + margin)),
  })
  checkLoss(`triplet loss of semi-hard triplets, ${name} distance`, {
    ours: ([embeddings], labels) =>
      triplet(embeddings as never, labels, distance, { margin, mine: semiHard(margin), mean: 'non-zero' }),
    oracle: ([rows = []], labels) =>
      plain.meanOfHinges(
        hinges(rows, labels).flatMap(({ ap, an }) =>
          ap < an && an - ap <= margin ? [ap - an + margin] : [],
        ),
      ),
  })
  checkLoss(`triplet loss of the hardest triplets, ${name} distance`, {
    ours: ([embeddings], labels) =>
      triplet(embeddings as never, labels, distance, { margin, mine: batchHard, mean: 'non-zero' }),
    oracle([rows = []], labels) {
      const of = hinges(rows, labels)
      const anchors = [...new Set(of.map(({ a }) => a))]
      const hardest = anchors.map((anchor) => {
        const own = of.filter(({ a }) => a === anchor)
        return Math.max(...own.map(({ ap }) => ap)) - Math.min(...own.map(({ an }) => an)) + margin
      })
      return plain.meanOfHinges(hardest)
    },
  })
}

describe('distance-weighted mining', () => {
  const labels = Array.from({ length: 24 }, (_, i) => i % 6)
  const rows = randomMatrix(createRandom(1), labels.length, 8)
  const mine = (seed: number, { cutoff = 0.5, farthest = 1.4 } = {}) =>
    tf.tidy(() => {
      const embeddings = tf.tensor2d(rows)
      const values = Float64Array.from(rows.flat())
      const { distances } = euclidean.between({ values, count: rows.length, width: 8 })
      const found: { a: number; p: number; n: number; d: number }[] = []
      const random = createRandom(seed)
      distanceWeighted(embeddings, { cutoff, farthest, random })(distances, companionsOf(labels), (a, p, n) =>
        found.push({ a, p, n, d: distances.get(a, n) }),
      )
      return found
    })

  it('takes one negative for each positive pair, of another class and not past the end', () => {
    const found = mine(1)
    expect(found).toHaveLength(plain.pairsOf(labels).filter(({ positive }) => positive).length)
    for (const { a, p, n, d } of found) {
      expect(labels[p]).toBe(labels[a])
      expect(labels[n]).not.toBe(labels[a])
      expect(d).toBeLessThanOrEqual(1.4)
    }
  })

  it('draws the same from the same seed, and other negatives from another', () => {
    expect(mine(1)).toEqual(mine(1))
    expect(mine(1)).not.toEqual(mine(2))
  })

  it('leaves out anchors without a negative that near', () => {
    expect(mine(1, { farthest: 0.01 })).toEqual([])
  })

  it('draws by the inverse of how common a distance is on the sphere', () => {
    const reference = plain.between(rows, plain.euclideanDistance)
    const negatives = labels.flatMap((label, n) => (label !== labels[0] && reference(0, n) <= 1.4 ? [n] : []))
    const weights = negatives.map((n) => {
      const d = Math.max(0.5, reference(0, n))
      return 1 / (d ** 6 * (1 - d ** 2 / 4) ** 2.5)
    })
    const draws = Array.from({ length: 1000 }, (_, seed) => mine(seed + 1).filter(({ a }) => a === 0)).flat()
    negatives.forEach((n, at) => {
      const share = draws.filter((draw) => draw.n === n).length / draws.length
      expect(share).toBeCloseTo((weights[at] ?? NaN) / plain.sum(weights), 1)
    })
  })
})
