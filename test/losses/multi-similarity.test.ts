import { multiSimilarity } from '../../src/losses/multi-similarity.js'
import { checkLoss } from './check-loss.js'
import * as plain from './plain.js'

const [alpha, beta, base] = [2, 50, 0.5]

for (const epsilon of [null, 0.1]) {
  checkLoss(epsilon === null ? 'multi-similarity' : 'multi-similarity with its miner', {
    ours: ([embeddings], labels) =>
      multiSimilarity(embeddings as never, labels, { alpha, beta, base, epsilon }),
    oracle([rows = []], labels) {
      const s = plain.between(rows, plain.cosine)
      const pairs = plain.pairsOf(labels)
      const ofAnchor = (a: number): number => {
        const positives = pairs.filter(({ i, positive }) => i === a && positive).map(({ j }) => s(a, j))
        const negatives = pairs.filter(({ i, positive }) => i === a && !positive).map(({ j }) => s(a, j))
        const kept =
          epsilon === null
            ? { positives, negatives }
            : {
                positives: positives.filter((one) => negatives.some((other) => one - epsilon < other)),
                negatives: negatives.filter((one) => positives.some((other) => one + epsilon > other)),
              }
        return (
          Math.log(1 + plain.sum(kept.positives.map((one) => Math.exp(-alpha * (one - base))))) / alpha +
          Math.log(1 + plain.sum(kept.negatives.map((one) => Math.exp(beta * (one - base))))) / beta
        )
      }
      return plain.mean(labels.map((_, a) => ofAnchor(a)))
    },
  })
}
