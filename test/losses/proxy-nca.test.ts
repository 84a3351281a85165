import { proxyNca } from '../../src/losses/proxy-nca.js'
import { checkLoss, randomMatrix } from './check-loss.js'
import { euclideanDistance, logLoss, mean } from './plain.js'

for (const scale of [1, 9]) {
  checkLoss(`Proxy-NCA, scale ${scale}`, {
    ours: ([embeddings, proxies], labels) =>
      proxyNca(embeddings as never, labels, proxies as never, { scale }),
    oracle: ([embeddings = [], proxies = []], labels) =>
      mean(
        embeddings.map((x, i) =>
          logLoss(
            proxies.map((proxy) => -scale * euclideanDistance(x, proxy) ** 2),
            labels[i] ?? NaN,
          ),
        ),
      ),
    others: (random, dimensions) => [randomMatrix(random, 6, dimensions)],
  })
}
