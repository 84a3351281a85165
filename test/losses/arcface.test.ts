import { describe, expect, it } from 'vitest'
import { arcface } from '../../src/losses/arcface.js'
import type { tf } from '../../src/tensors/tensorflow.js'
import { checkLoss, evaluate, randomMatrix } from './check-loss.js'
import { cosine, logLoss, mean } from './plain.js'

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** The cosine that an angle counts as: cos(t + m), and past 180 - m degrees cos t - m sin m. */
function widened(cos: number, margin: number): number {
  const angle = Math.acos(Math.min(1, Math.max(-1, cos)))
  return angle <= Math.PI - margin ? Math.cos(angle + margin) : cos - margin * Math.sin(margin)
}

for (const scale of [16, 64]) {
  checkLoss(`ArcFace, scale ${scale}`, {
    ours: ([embeddings, proxies], labels) =>
      arcface(embeddings as never, labels, proxies as never, { scale, margin: 28.6 }),
    oracle: ([embeddings = [], proxies = []], labels) =>
      mean(
        embeddings.map((x, i) =>
          logLoss(
            proxies.map((proxy, c) => {
              const cos = cosine(x, proxy)
              return scale * (c === labels[i] ? widened(cos, radians(28.6)) : cos)
            }),
            labels[i] ?? NaN,
          ),
        ),
      ),
    others: (random, dimensions) => [randomMatrix(random, 6, dimensions)],
  })
}

describe('ArcFace', () => {
  const lossAt = (degrees: number) =>
    evaluate(
      ([embeddings, proxies], labels) =>
        arcface(embeddings as tf.Tensor2D, labels, proxies as tf.Tensor2D, { scale: 4, margin: 28.6 }),
      {
        inputs: [
          [[Math.cos(radians(degrees)), Math.sin(radians(degrees))]],
          [
            [1, 0],
            [0, -1],
          ],
        ],
        labels: [0],
      },
    )

  it('goes on rising where angle and margin pass a half turn', () => {
    const values = [140, 150, 155, 165, 175].map((degrees) => lossAt(degrees).value)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
  })

  it.each([0, 180])('has a finite gradient at %i degrees from the proxy', (degrees) => {
    expect(lossAt(degrees).gradients.flat(2).every(Number.isFinite)).toBe(true)
  })

  it('keeps its digits where it is small', () => {
    const { value } = evaluate(
      ([embeddings, proxies], labels) =>
        arcface(embeddings as tf.Tensor2D, labels, proxies as tf.Tensor2D, { scale: 64, margin: 28.6 }),
      {
        inputs: [
          [[Math.cos(0.3), Math.sin(0.3)]],
          [
            [1, 0],
            [0, 1],
          ],
        ],
        labels: [0],
      },
    )
    const other = 64 * (Math.sin(0.3) - Math.cos(0.3 + radians(28.6)))
    expect(value / Math.log1p(Math.exp(other))).toBeCloseTo(1, 4)
  })
})
