import { KindredError } from '../errors.js'
import { arcfaceLoss } from './arcface.js'
import { contrastiveLoss } from './contrastive.js'
import { ghmPairLoss } from './ghm-pair.js'
import { ghmTripletLoss } from './ghm-triplet.js'
import type { LossDefinition, RegulariserDefinition } from './loss.js'
import { marginLoss } from './margin.js'
import { multiSimilarityLoss } from './multi-similarity.js'
import { normalizedSoftmaxLoss } from './normalized-softmax.js'
import { proxyAnchorLoss } from './proxy-anchor.js'
import { proxyNcaLoss } from './proxy-nca.js'
import { ghmRegulariser } from './regularisers/ghm.js'
import { lsdRegulariser } from './regularisers/lsd.js'
import { rankingRegulariser } from './regularisers/ranking.js'
import { supconLoss } from './supcon.js'
import { tripletLoss } from './triplet.js'

/** Every base loss. A new one is a file beside this one and an entry here. */
const losses: readonly LossDefinition[] = [
  contrastiveLoss,
  tripletLoss,
  marginLoss,
  multiSimilarityLoss,
  supconLoss,
  proxyAnchorLoss,
  proxyNcaLoss,
  arcfaceLoss,
  normalizedSoftmaxLoss,
  ghmPairLoss,
  ghmTripletLoss,
]

/** Every regulariser. A new one is a file in `regularisers/` and an entry here. */
const regularisers: readonly RegulariserDefinition[] = [lsdRegulariser, rankingRegulariser, ghmRegulariser]

/** Names, parameters with their defaults, and sources, for help and documentation. */
export const knownLosses = (): readonly LossDefinition[] => losses
export const knownRegularisers = (): readonly RegulariserDefinition[] => regularisers

/** @throws KindredError INVALID_SETTING for an unknown name, listing the known ones */
export const findLoss = (name: string): LossDefinition => find('loss', 'losses', losses, name)

/** @throws KindredError INVALID_SETTING for an unknown name, listing the known ones */
export const findRegulariser = (name: string): RegulariserDefinition =>
  find('regulariser', 'regularisers', regularisers, name)

function find<D extends { readonly name: string }>(
  kind: string,
  kinds: string,
  known: readonly D[],
  name: string,
): D {
  const found = known.find((one) => one.name === name)
  if (found === undefined) {
    throw new KindredError('INVALID_SETTING', `Unknown ${kind} ${JSON.stringify(name)}`, {
      hint: `Known ${kinds}: ${known.map((one) => one.name).join(', ')}`,
    })
  }
  return found
}
