import { expected } from '../../src/errors.js'
import { arcface } from '../../src/losses/arcface.js'
import { contrastive } from '../../src/losses/contrastive.js'
import { distanceLoss, type Distance } from '../../src/losses/distances/distance.js'
import { createDistance, resolveDistance } from '../../src/losses/distances/registry.js'
import { SquareMatrix } from '../../src/losses/float64/square-matrix.js'
import { ghmPair } from '../../src/losses/ghm-pair.js'
import { margin } from '../../src/losses/margin.js'
import { allTriplets, batchHard, semiHard } from '../../src/losses/mining/mining.js'
import { multiSimilarity } from '../../src/losses/multi-similarity.js'
import { normalizedSoftmax } from '../../src/losses/normalized-softmax.js'
import { resolveParams } from '../../src/losses/params.js'
import { proxyAnchor } from '../../src/losses/proxy-anchor.js'
import { proxyNca } from '../../src/losses/proxy-nca.js'
import { findLoss } from '../../src/losses/registry.js'
import { lsd } from '../../src/losses/regularisers/lsd.js'
import { ranking, rankingRegulariser, type RankingParams } from '../../src/losses/regularisers/ranking.js'
import { supcon } from '../../src/losses/supcon.js'
import { triplet } from '../../src/losses/triplet.js'
import { tf } from '../../src/tensors/tensorflow.js'

/** What a case gives to a loss. Asking for something that the case lacks is an error that names it. */
export interface GoldenInputs {
  readonly labels: Int32Array
  readonly tensor: (name: string) => tf.Tensor2D
  readonly has: (name: string) => boolean
  readonly number: (param: string, fallback?: number) => number
  readonly flag: (param: string, fallback: boolean) => boolean
  readonly text: (param: string, fallback: string) => string
}

type GoldenLoss = (inputs: GoldenInputs) => tf.Scalar

/** Each loss by the name and with the parameters that reference files use. */
export const goldenLosses: Readonly<Record<string, GoldenLoss>> = {
  contrastive: (of) =>
    contrastive(of.tensor('embeddings'), of.labels, distanceFor(of), {
      posMargin: of.number('posMargin'),
      negMargin: of.number('negMargin'),
    }),
  triplet: (of) =>
    triplet(of.tensor('embeddings'), of.labels, distanceFor(of), {
      margin: of.number('margin'),
      mine: minerFor(of),
      mean: 'non-zero',
    }),
  'multi-similarity': (of) =>
    multiSimilarity(of.tensor('embeddings'), of.labels, {
      alpha: of.number('alpha'),
      beta: of.number('beta'),
      base: of.number('base'),
      epsilon: of.has('epsilon') ? of.number('epsilon') : null,
    }),
  margin: (of) =>
    margin(of.tensor('embeddings'), of.labels, of.tensor('beta'), distanceFor(of), {
      margin: of.number('margin'),
    }),
  supcon: (of) => supcon(of.tensor('embeddings'), of.labels, { temperature: of.number('temperature') }),
  'proxy-anchor': (of) =>
    proxyAnchor(of.tensor('embeddings'), of.labels, of.tensor('proxies'), {
      alpha: of.number('alpha'),
      margin: of.number('margin'),
    }),
  'proxy-nca': (of) =>
    proxyNca(of.tensor('embeddings'), of.labels, of.tensor('proxies'), { scale: of.number('scale') }),
  arcface: (of) =>
    arcface(of.tensor('embeddings'), of.labels, tf.transpose(of.tensor('weights')), {
      scale: of.number('scale'),
      margin: of.number('marginDegrees'),
    }),
  'normalized-softmax': (of) =>
    normalizedSoftmax(of.tensor('embeddings'), of.labels, tf.transpose(of.tensor('weights')), {
      temperature: of.number('temperature'),
    }),
  lsd: (of) => lsd(of.tensor('embeddings'), of.tensor('teacher'), { tau: of.number('tau') }),
  'ghm-pair': (of) =>
    ghmPair(of.tensor('embeddings'), of.labels, ghmFor(of), { margin: of.number('margin') }),
  'ghm-triplet': (of) =>
    triplet(of.tensor('embeddings'), of.labels, ghmFor(of), {
      margin: of.number('margin'),
      mine: allTriplets,
      mean: 'all',
    }),
  'ghm-distance-mean': (of) =>
    distanceLoss(of.tensor('embeddings'), ghmFor(of), (distances) => {
      const { size } = distances
      const share = 1 / (size * (size - 1))
      const gradient = new SquareMatrix(size).map((_, at) => (at % (size + 1) === 0 ? 0 : share))
      return { value: share * distances.values.reduce((sum, value) => sum + value, 0), gradient }
    }),
  'intra-class-ranking': (of) =>
    ranking(
      of.tensor('embeddings'),
      of.labels,
      {
        proxies: of.has('prototypes') ? of.tensor('prototypes') : null,
        directions: of.tensor('directions') as tf.Tensor as tf.Tensor3D,
        projector: { weight: of.tensor('projectorWeight'), bias: of.tensor('projectorBias') },
      },
      resolveParams('intra-class-ranking', rankingRegulariser.params, {
        n: of.number('n'),
        r: of.number('strength'),
        delta: of.number('delta'),
        s: of.number('scale'),
        a: of.number('alpha'),
        m: of.number('margin'),
        g: of.number('gate'),
        rho_rank: of.number('rhoRank'),
        rho_anchor: of.number('rhoAnchor'),
        normalize: of.flag('normalize', false),
      }) as unknown as RankingParams,
    ),
}

function minerFor(of: GoldenInputs): Parameters<typeof triplet>[3]['mine'] {
  const mining = of.text('mining', 'all')
  switch (mining) {
    case 'all':
      return allTriplets
    case 'semihard':
    case 'semi-hard':
      return semiHard(of.number('margin'))
    case 'batch-hard':
      return batchHard
    default:
      throw expected('all, semihard or batch-hard', 'mining', mining)
  }
}

/** The hybrid distance where a case has its parameters, else the Euclidean. */
function distanceFor(of: GoldenInputs): Distance {
  const name = of.text('distance', of.has('lambda_') ? 'ghm' : 'euclidean')
  return name === 'ghm' ? ghmFor(of) : createDistance(resolveDistance(name))
}

function ghmFor(of: GoldenInputs): Distance {
  const { params } = findLoss('ghm-pair')
  return createDistance(
    resolveDistance('ghm', {
      lambda: of.number('lambda_'),
      temperature: of.number('temperature', Number(params['temperature']?.default)),
      divergence: of.text('divergence', 'js'),
    }),
  )
}
