import { tf } from '../../tensors/tensorflow.js'
import { logOnePlusSumExp } from '../log-one-plus-sum-exp.js'
import { defineRegulariser } from '../loss.js'
import { normals } from '../normal.js'
import { orthogonal } from '../orthogonal.js'
import { flag, number, whole, type Values } from '../params.js'
import { unit } from '../unit.js'
import { whereFinite } from '../where-finite.js'

const params = {
  n: whole(5, 'N: synthetic neighbours of each image, each farther than the one before.', [2, 64]),
  r: number(1, 'Length of the first step away; on unit embeddings far smaller ones do.', [0, 1e6]),
  delta: number(0.11, 'By how much a nearer neighbour must be more alike.'),
  s: number(32, 'Scale of the ranking.', [1e-6, 1e6]),
  a: number(32, 'Scale of the anchoring.', [1e-6, 1e6]),
  m: number(0.1, 'Similarity asked for between a neighbour and its class.'),
  g: number(0.05, 'An image takes part where its product with its prototype is at least this.'),
  rho_rank: number(0.9, 'Weight of the ranking.', [0, 1e6]),
  rho_anchor: number(0.9, 'Weight of the anchoring.', [0, 1e6]),
  normalize: flag(false, 'Unit embeddings and prototypes in place of raw ones; tune r anew.'),
  eraseStrengths: flag(
    false,
    'Every step of length 1, as the released program has it against the paper; for comparison only.',
  ),
}

export type RankingParams = Values<typeof params>

/** q(v) = relu(unit(W v + b)). */
export interface Projector {
  /** W, [D, D], rows are outputs. */
  readonly weight: tf.Tensor2D
  /** b, [D]. */
  readonly bias: tf.Tensor
}

/**
 * Generative-assisted intra-class ranking (Liu et al., Engineering Applications of Artificial Intelligence 131, 2024):
 * synthetic neighbours of growing distance around each image keep their order, and stay with their class:
 *
 *     x_i^j = x_i + j r u_ij, j = 1..N      S_i^j = <q(x_i^j), q(x_i)>
 *     L_rank(i)   = 2/s log(1 + sum over k < j of exp(s (S_i^j - S_i^k + delta)))
 *     L_anchor(i) = log(1 + sum over j of exp(a (m - <q(x_i^j), q(P_c)>)))
 *     L = sum over classes c of the mean over its gated images of rho_rank L_rank + rho_anchor L_anchor
 *
 * An image is gated, takes part, where <P_c, x_i> >= g.
 *
 * @param embeddings raw embeddings z, [B, D]; x_i is z_i, or e_i with `normalize`
 * @param labels class indexes, [B]
 * @param proxies prototypes by class, raw, [C, D]; null takes unit(mean of e_i of the class in the batch)
 * @param directions random unit vectors u_ij, [B, N, D]
 */
export function ranking(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  {
    proxies,
    directions,
    projector,
  }: { proxies: tf.Tensor2D | null; directions: tf.Tensor3D; projector: Projector },
  { n, r, delta, s, a, m, g, rho_rank, rho_anchor, normalize, eraseStrengths }: RankingParams,
): tf.Scalar {
  const others = [projector.weight, projector.bias, ...(proxies === null ? [] : [proxies])]
  return whereFinite(embeddings, others, () => {
    const [count, width] = embeddings.shape
    const x = normalize ? unit(embeddings) : embeddings
    const ofClasses = proxies ?? classMeans(unit(embeddings), labels)
    const raw: tf.Tensor2D = tf.gather(
      ofClasses,
      tf.tensor1d(proxies === null ? ranksOf(labels) : labels, 'int32'),
    )
    const prototypes = normalize ? unit(raw) : raw

    const weights = gateWeights(prototypes, x, labels, g)

    const strengths = tf.tensor3d(
      Array.from({ length: n }, (_, j) => (eraseStrengths ? 1 : (j + 1) * r)),
      [1, n, 1],
    )
    const synthetic: tf.Tensor3D = tf.add(tf.expandDims(x, 1), tf.mul(strengths, directions))
    const q = (rows: tf.Tensor2D): tf.Tensor2D =>
      tf.relu(unit(tf.add(tf.matMul(rows, projector.weight, false, true), projector.bias)))
    const projected = tf.reshape(q(tf.reshape(synthetic, [count * n, width])), [count, n, width])
    const alikeTo = (rows: tf.Tensor2D): tf.Tensor2D =>
      tf.sum(tf.mul(projected, tf.expandDims(q(rows), 1)), 2)

    const later = differences(alikeTo(x))
    const rank = tf.mul(2 / s, logOnePlusSumExp(tf.mul(s, tf.add(later, delta)), { axis: 1 }))
    const anchor = logOnePlusSumExp(tf.mul(a, tf.sub(m, alikeTo(prototypes))), { axis: 1 })
    const each = tf.add(tf.mul(rho_rank, rank), tf.mul(rho_anchor, anchor))
    return tf.sum<tf.Scalar>(tf.mul(tf.tensor1d(weights), each))
  })
}

/** S^j - S^k of every k < j: [B, N] -> [B, N (N - 1) / 2]. */
function differences(similarities: tf.Tensor2D): tf.Tensor2D {
  const n = similarities.shape[1]
  const pairs = Array.from({ length: n }, (_, j) => Array.from({ length: j }, (_, k) => ({ j, k }))).flat()
  const columns = Array.from({ length: n }, (_, row) =>
    pairs.map(({ j, k }) => Number(row === j) - Number(row === k)),
  )
  return tf.matMul(similarities, tf.tensor2d(columns))
}

/** 1 over the gated images of its class for an image that is gated, 0 for the others; a mask without gradient. */
function gateWeights(
  prototypes: tf.Tensor2D,
  x: tf.Tensor2D,
  labels: Int32Array,
  gate: number,
): Float32Array {
  const products = tf.tidy(() => tf.sum(tf.mul(prototypes, x), 1).dataSync())
  const gated = [...products].map((product) => product >= gate)
  const gatedOf = new Map<number, number>()
  labels.forEach((label, i) => gatedOf.set(label, (gatedOf.get(label) ?? 0) + Number(gated[i])))
  return Float32Array.from(labels, (label, i) => (gated[i] === true ? 1 / (gatedOf.get(label) ?? 1) : 0))
}

/** unit(mean of the rows of each class), in order of first appearance; gradients flow. */
function classMeans(rows: tf.Tensor2D, labels: Int32Array): tf.Tensor2D {
  const ranks = ranksOf(labels)
  const counts = new Float32Array(Math.max(-1, ...ranks) + 1)
  for (const rank of ranks) counts[rank] = (counts[rank] as number) + 1
  const shares = Array.from(counts, (members, own) =>
    Array.from(ranks, (rank) => (rank === own ? 1 / members : 0)),
  )
  return unit(tf.matMul(tf.tensor2d(shares), rows))
}

/** The place of each label among the different labels, in order of first appearance. */
function ranksOf(labels: Int32Array): Int32Array {
  const seen = [...new Set(labels)]
  const rankOf = new Map(seen.map((label, rank) => [label, rank]))
  return labels.map((label) => rankOf.get(label) ?? -1)
}

/** Unit vectors in directions drawn evenly, [B, N, D]. */
export function drawDirections(
  [count, n, width]: readonly [number, number, number],
  random: () => number,
): tf.Tensor3D {
  const drawn = tf.tensor2d(normals(count * n * width, random), [count * n, width])
  return tf.reshape(unit(drawn), [count, n, width])
}

export const rankingRegulariser = defineRegulariser({
  name: 'ranking',
  summary:
    'Synthetic neighbours of an image keep their order of likeness, so that a class keeps its variety.',
  source: 'Liu et al.: Generative-assisted intra-class ranking, EAAI 131 (2024) 107885, arXiv 2304.10941',
  params,
  weight: 0.23,
  create(values, { dimensions, random }) {
    const weight = tf.tidy(() =>
      tf.variable(tf.tensor2d(orthogonal(dimensions, random), [dimensions, dimensions])),
    )
    const bias = tf.tidy(() => tf.variable(tf.zeros([dimensions])))
    const projector: Projector = { weight, bias }
    return {
      variables: new Map([
        ['projector.weight', weight],
        ['projector.bias', bias],
      ]),
      value({ embeddings, labels, proxies, random: draw }) {
        const directions = drawDirections([labels.length, values.n, dimensions], draw)
        return ranking(embeddings, labels, { proxies, directions, projector }, values)
      },
      dispose: () => {
        weight.dispose()
        bias.dispose()
      },
    }
  },
})
