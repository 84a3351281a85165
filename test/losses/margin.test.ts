import { euclidean } from '../../src/losses/distances/euclidean.js'
import { ghmDistance } from '../../src/losses/distances/ghm.js'
import { margin } from '../../src/losses/margin.js'
import { checkLoss } from './check-loss.js'
import * as plain from './plain.js'

for (const [name, distance, reference, width, start] of [
  ['Euclidean', euclidean, plain.euclideanDistance, 0.2, 1.1],
  [
    'hybrid',
    ghmDistance({ lambda: 0.3, temperature: 1, divergence: 'js' }),
    plain.ghmDistance(0.3),
    0.1,
    0.6,
  ],
] as const) {
  checkLoss(`margin loss, ${name} distance`, {
    ours: ([embeddings, beta], labels) =>
      margin(embeddings as never, labels, beta as never, distance, { margin: width }),
    oracle([rows = [], [[beta = NaN] = []] = []], labels) {
      const d = plain.between(rows, reference)
      const hinges = plain
        .tripletsOf(labels)
        .flatMap(({ a, p, n }) => [d(a, p) - beta + width, beta - d(a, n) + width])
      return plain.meanOfHinges(hinges)
    },
    others: () => [[[start]]],
  })
}
