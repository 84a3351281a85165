import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/datasets/random.js'
import { resolveParams } from '../../../src/losses/params.js'
import {
  drawDirections,
  ranking,
  rankingRegulariser,
  type RankingParams,
} from '../../../src/losses/regularisers/ranking.js'
import { tf } from '../../../src/tensors/tensorflow.js'
import { checkLoss, evaluate, randomMatrix, type CheckedLoss, type Matrix } from '../check-loss.js'
import * as plain from '../plain.js'

const paramsWith = (over: Partial<RankingParams>): RankingParams =>
  resolveParams('ranking', rankingRegulariser.params, over) as unknown as RankingParams

/** As many as any batch has images: 8. */
const directions = (n: number): Matrix[] =>
  Array.from({ length: 8 }, (_, i) => randomMatrix(createRandom(100 + i), n, 6).map(plain.unit))

/** Inputs: embeddings, projector's W and b, and the proxies where there are any. */
function checked(params: RankingParams, withProxies: boolean): CheckedLoss {
  return {
    ours: ([embeddings, weight, bias, proxies], labels) =>
      ranking(
        embeddings as never,
        labels,
        {
          proxies: proxies ?? null,
          directions: tf.tensor3d(directions(params.n).slice(0, labels.length)),
          projector: { weight: weight as never, bias: tf.reshape(bias as never, [-1]) },
        },
        params,
      ),
    oracle: ([embeddings = [], weight = [], [bias = []] = [], proxies], labels) =>
      oracle({ embeddings, weight, bias, proxies, labels }, params),
    others: (random, dimensions) => [
      randomMatrix(random, dimensions, dimensions),
      randomMatrix(random, 1, dimensions),
      ...(withProxies ? [randomMatrix(random, 6, dimensions)] : []),
    ],
  }
}

function oracle(
  of: { embeddings: Matrix; weight: Matrix; bias: number[]; proxies: Matrix | undefined; labels: number[] },
  { n, r, delta, s, a, m, g, rho_rank, rho_anchor, normalize, eraseStrengths }: RankingParams,
): number {
  const q = (v: number[]): number[] =>
    plain
      .unit(of.weight.map((row, k) => plain.dot(row, v) + (of.bias[k] ?? NaN)))
      .map((value) => Math.max(0, value))
  const meanOf = (label: number): number[] => {
    const own = of.embeddings.filter((_, i) => of.labels[i] === label).map(plain.unit)
    return plain.unit((own[0] ?? []).map((_, k) => plain.mean(own.map((row) => row[k] ?? NaN))))
  }
  const sign = (v: number[]): number[] => (normalize ? plain.unit(v) : v)
  const prototype = (label: number): number[] => sign(of.proxies?.[label] ?? meanOf(label))

  const ofImage = (i: number, label: number): number => {
    const x = sign(of.embeddings[i] ?? [])
    const synthetic = (directions(n)[i] ?? []).map((u, j) =>
      x.map((value, k) => value + (eraseStrengths ? 1 : (j + 1) * r) * (u[k] ?? NaN)),
    )
    const alike = synthetic.map((one) => plain.dot(q(one), q(x)))
    const ordered = alike.flatMap((far, j) =>
      alike.slice(0, j).map((near) => Math.exp(s * (far - near + delta))),
    )
    const anchored = synthetic.map((one) => Math.exp(a * (m - plain.dot(q(one), q(prototype(label))))))
    return (
      (rho_rank * 2 * Math.log(1 + plain.sum(ordered))) / s + rho_anchor * Math.log(1 + plain.sum(anchored))
    )
  }
  const ofClass = (label: number): number => {
    const own = of.labels.flatMap((one, i) => (one === label ? [i] : []))
    const gated = own.filter((i) => plain.dot(prototype(label), sign(of.embeddings[i] ?? [])) >= g)
    return plain.mean(gated.map((i) => ofImage(i, label)))
  }
  return plain.sum([...new Set(of.labels)].map(ofClass))
}

checkLoss('intra-class ranking by proxies', checked(paramsWith({}), true))
checkLoss('intra-class ranking by class means', checked(paramsWith({ r: 0.3 }), false))
checkLoss('intra-class ranking, normalised', checked(paramsWith({ normalize: true, r: 0.1 }), true))
checkLoss(
  'intra-class ranking of other sizes',
  checked(paramsWith({ n: 3, s: 8, a: 4, m: 0.3, rho_rank: 0.2 }), true),
)
checkLoss('intra-class ranking without strengths', checked(paramsWith({ eraseStrengths: true }), true))

describe('intra-class ranking', () => {
  it('asks nothing where no image is near its prototype', () => {
    const { ours, others } = checked(paramsWith({ g: 1e6 }), true)
    const random = createRandom(1)
    const one = { labels: [0, 1], inputs: [randomMatrix(random, 2, 6), ...(others?.(random, 6) ?? [])] }
    const { value, gradients } = evaluate(ours, one)
    expect(value).toBe(0)
    expect(gradients.flat(2).every((entry) => entry === 0)).toBe(true)
  })

  it('draws unit directions, anew from each seed', () => {
    const draw = (seed: number): Matrix =>
      tf.tidy(() => tf.reshape(drawDirections([3, 2, 16], createRandom(seed)), [6, 16]).arraySync() as Matrix)
    for (const row of draw(1)) expect(plain.dot(row, row)).toBeCloseTo(1, 5)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('starts from an orthogonal projector without bias', () => {
    const { variables, dispose } = rankingRegulariser.create(paramsWith({}), {
      classes: 3,
      dimensions: 24,
      random: createRandom(1),
    })
    const rows = variables.get('projector.weight')?.arraySync() as Matrix
    rows.forEach((a, i) => {
      rows.forEach((b, j) => {
        expect(plain.dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 5)
      })
    })
    expect(variables.get('projector.bias')?.arraySync()).toEqual(Array.from({ length: 24 }, () => 0))
    dispose()
  })
})
