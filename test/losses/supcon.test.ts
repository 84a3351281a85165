import { supcon } from '../../src/losses/supcon.js'
import { checkLoss } from './check-loss.js'
import * as plain from './plain.js'

const temperature = 0.1
checkLoss('SupCon', {
  ours: ([embeddings], labels) => supcon(embeddings as never, labels, { temperature }),
  oracle([rows = []], labels) {
    const s = plain.between(rows, plain.cosine)
    const pairs = plain.pairsOf(labels)
    const anchors = [...new Set(pairs.filter(({ positive }) => positive).map(({ i }) => i))]
    const ofAnchor = (a: number): number => {
      const others = pairs.filter(({ i }) => i === a)
      const logits = others.map(({ j }) => s(a, j) / temperature)
      const losses = others.flatMap(({ positive }, at) => (positive ? [plain.logLoss(logits, at)] : []))
      return plain.mean(losses)
    }
    return plain.mean(anchors.map(ofAnchor))
  },
})
