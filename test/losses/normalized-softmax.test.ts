import { normalizedSoftmax } from '../../src/losses/normalized-softmax.js'
import { checkLoss, randomMatrix } from './check-loss.js'
import { cosine, logLoss, mean } from './plain.js'

const temperature = 0.05
checkLoss('normalised softmax', {
  ours: ([embeddings, proxies], labels) =>
    normalizedSoftmax(embeddings as never, labels, proxies as never, { temperature }),
  oracle: ([embeddings = [], proxies = []], labels) =>
    mean(
      embeddings.map((x, i) =>
        logLoss(
          proxies.map((proxy) => cosine(x, proxy) / temperature),
          labels[i] ?? NaN,
        ),
      ),
    ),
  others: (random, dimensions) => [randomMatrix(random, 6, dimensions)],
})
