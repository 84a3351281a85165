import { contrastive } from '../../src/losses/contrastive.js'
import { euclidean } from '../../src/losses/distances/euclidean.js'
import { ghmDistance } from '../../src/losses/distances/ghm.js'
import { checkLoss } from './check-loss.js'
import * as plain from './plain.js'

const margins = { posMargin: 0.1, negMargin: 1 }
const halved = { posMargin: 0, negMargin: 0.5 }

for (const [name, distance, reference, { posMargin, negMargin }] of [
  ['Euclidean', euclidean, plain.euclideanDistance, margins],
  ['hybrid', ghmDistance({ lambda: 0.5, temperature: 1, divergence: 'js' }), plain.ghmDistance(0.5), halved],
] as const) {
  checkLoss(`contrastive loss, ${name} distance`, {
    ours: ([embeddings], labels) =>
      contrastive(embeddings as never, labels, distance, { posMargin, negMargin }),
    oracle([rows = []], labels) {
      const d = plain.between(rows, reference)
      const pairs = plain.pairsOf(labels)
      const positives = pairs.filter(({ positive }) => positive).map(({ i, j }) => d(i, j) - posMargin)
      const negatives = pairs.filter(({ positive }) => !positive).map(({ i, j }) => negMargin - d(i, j))
      return plain.meanOfHinges(positives) + plain.meanOfHinges(negatives)
    },
  })
}
