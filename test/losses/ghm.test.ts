import { ghmDistance, type GhmSettings } from '../../src/losses/distances/ghm.js'
import { ghmPair } from '../../src/losses/ghm-pair.js'
import { allTriplets } from '../../src/losses/mining/mining.js'
import { triplet } from '../../src/losses/triplet.js'
import { checkLoss } from './check-loss.js'
import * as plain from './plain.js'

const settings: GhmSettings[] = [
  { lambda: 0.5, temperature: 1, divergence: 'js' },
  { lambda: 0, temperature: 2, divergence: 'js' },
  { lambda: 1, temperature: 1, divergence: 'js' },
  { lambda: 0.4, temperature: 1, divergence: 'hellinger' },
  { lambda: 0.4, temperature: 1, divergence: 'jeffreys' },
]

for (const one of settings) {
  const title = `lambda ${one.lambda}, T ${one.temperature}, ${one.divergence}`
  const reference = plain.ghmDistance(one.lambda, one.temperature, one.divergence)
  checkLoss(`GHM of pairs, ${title}`, {
    ours: ([embeddings], labels) => ghmPair(embeddings as never, labels, ghmDistance(one), { margin: 0.5 }),
    oracle([rows = []], labels) {
      const d = plain.between(rows, reference)
      const pairs = plain.pairsOf(labels)
      const positives = pairs.filter(({ positive }) => positive).map(({ i, j }) => d(i, j) ** 2)
      const negatives = pairs.filter(({ positive }) => !positive)
      return plain.mean(positives) + plain.mean(negatives.map(({ i, j }) => Math.max(0, 0.5 - d(i, j)) ** 2))
    },
  })
  checkLoss(`GHM of triplets, ${title}`, {
    ours: ([embeddings], labels) =>
      triplet(embeddings as never, labels, ghmDistance(one), { margin: 0.1, mine: allTriplets, mean: 'all' }),
    oracle([rows = []], labels) {
      const d = plain.between(rows, reference)
      return plain.mean(plain.tripletsOf(labels).map(({ a, p, n }) => Math.max(0, d(a, p) - d(a, n) + 0.1)))
    },
  })
}
