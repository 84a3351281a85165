import { proxyAnchor } from '../../src/losses/proxy-anchor.js'
import { checkLoss, randomMatrix, type CheckedLoss } from './check-loss.js'
import { cosine, sum } from './plain.js'

const loss = (alpha: number, margin: number): CheckedLoss => ({
  ours: ([embeddings, proxies], labels) =>
    proxyAnchor(embeddings as never, labels, proxies as never, { alpha, margin }),
  oracle([embeddings = [], proxies = []], labels) {
    const terms = proxies.map((proxy, label) => {
      const same = embeddings.filter((_, i) => labels[i] === label).map((x) => cosine(x, proxy))
      const other = embeddings.filter((_, i) => labels[i] !== label).map((x) => cosine(x, proxy))
      return {
        pull: Math.log(1 + sum(same.map((s) => Math.exp(-alpha * (s - margin))))),
        push: Math.log(1 + sum(other.map((s) => Math.exp(alpha * (s + margin))))),
      }
    })
    return (
      sum(terms.map(({ pull }) => pull)) / new Set(labels).size +
      sum(terms.map(({ push }) => push)) / proxies.length
    )
  },
  others: (random, dimensions) => [randomMatrix(random, 6, dimensions)],
})

checkLoss('Proxy-Anchor', loss(32, 0.1))
checkLoss('Proxy-Anchor of a scale near the end of what exponentials hold in float64', loss(500, 0.1))
