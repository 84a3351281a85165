import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { proxyAnchor } from '../../src/losses/proxy-anchor.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

type Matrix = number[][]
interface Case {
  embeddings: Matrix
  proxies: Matrix
  labels: number[]
  params: { alpha: number; margin: number }
}

/** The loss and its gradients, by the code under test. */
function evaluate({ embeddings, proxies, labels, params }: Case) {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((z: tf.Tensor, p: tf.Tensor) =>
      proxyAnchor(z as tf.Tensor2D, tf.tensor1d(labels, 'int32'), p as tf.Tensor2D, params),
    )([tf.tensor2d(embeddings), tf.tensor2d(proxies)])
    const [ofEmbeddings, ofProxies] = grads.map((grad) => grad.arraySync() as Matrix)
    return {
      value: value.dataSync()[0] ?? NaN,
      gradients: { embeddings: ofEmbeddings ?? [], proxies: ofProxies ?? [] },
    }
  })
}

/** The loss by plain loops in float64, term by term as the paper writes it. */
function oracle({ embeddings, proxies, labels, params: { alpha, margin } }: Case): number {
  const length = (v: number[]) =>
    Math.sqrt(
      Math.max(
        v.reduce((sum, x) => sum + x * x, 0),
        1e-12,
      ),
    )
  const cosine = (a: number[], b: number[]) =>
    a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (length(a) * length(b))
  let pull = 0
  let push = 0
  proxies.forEach((proxy, label) => {
    let same = 0
    let other = 0
    embeddings.forEach((embedding, i) => {
      const s = cosine(embedding, proxy)
      if (labels[i] === label) same += Math.exp(-alpha * (s - margin))
      else other += Math.exp(alpha * (s + margin))
    })
    pull += Math.log(1 + same)
    push += Math.log(1 + other)
  })
  return pull / new Set(labels).size + push / proxies.length
}

function randomCase(seed: number, labels: number[], classes: number, dimensions = 6): Case {
  const random = createRandom(seed)
  const matrix = (rows: number): Matrix =>
    Array.from({ length: rows }, () => Array.from({ length: dimensions }, () => 2 * random() - 1))
  return {
    embeddings: matrix(labels.length),
    proxies: matrix(classes),
    labels,
    params: { alpha: 32, margin: 0.1 },
  }
}

const largest = (matrix: Matrix): number => Math.max(...matrix.flat().map(Math.abs))
const largestDifference = (a: Matrix, b: Matrix): number =>
  largest(a.map((row, i) => row.map((x, j) => x - (b[i]?.[j] ?? NaN))))

describeWithShared('Proxy-Anchor against reference values', ['golden/losses.json'], () => {
  it('gives the value and both gradients within 1e-5', () => {
    const golden = JSON.parse(readFileSync(sharedPath('golden/losses.json'), 'utf8')) as {
      cases: (Case & { loss: string; value: number; grad_embeddings: Matrix; grad_proxies: Matrix })[]
    }
    const cases = golden.cases.filter(({ loss }) => loss === 'proxy-anchor')
    expect(cases.length).toBeGreaterThan(0)
    for (const reference of cases) {
      const { value, gradients } = evaluate(reference)
      expect(Math.abs(value - reference.value)).toBeLessThanOrEqual(1e-5 * Math.abs(reference.value))
      for (const [ours, theirs] of [
        [gradients.embeddings, reference.grad_embeddings],
        [gradients.proxies, reference.grad_proxies],
      ] as const) {
        expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(1e-5 * largest(theirs))
      }
    }
  })
})

describe('Proxy-Anchor', () => {
  const duplicates = randomCase(5, [0, 0, 1, 1], 3)
  duplicates.embeddings[1] = [...(duplicates.embeddings[0] ?? [])]
  const zero = randomCase(6, [0, 1], 2)
  zero.embeddings[0] = [0, 0, 0, 0, 0, 0]
  const onProxy = randomCase(7, [0, 1], 2)
  onProxy.embeddings[0] = [...(onProxy.proxies[0] ?? [])]
  onProxy.embeddings[1] = [...(onProxy.proxies[0] ?? [])]
  const cases: [string, Case][] = [
    ['a batch of several classes', randomCase(1, [0, 1, 2, 0, 1, 2, 4], 6)],
    ['a batch of one class', randomCase(2, [3, 3, 3, 3], 5)],
    ['a training set of one class', randomCase(3, [0, 0, 0], 1)],
    ['two images of two classes', randomCase(4, [0, 1], 4)],
    ['duplicate images', duplicates],
    ['a zero embedding', zero],
    ['embeddings that lie on a proxy', onProxy],
  ]

  it.each(cases)('equals plain loops for %s', (_, one) => {
    const { value } = evaluate(one)
    expect(Math.abs(value - oracle(one))).toBeLessThanOrEqual(2e-5 * Math.abs(oracle(one)))
  })

  it.each(cases)('has a finite gradient for %s', (_, one) => {
    const { gradients } = evaluate(one)
    expect([...gradients.embeddings, ...gradients.proxies].flat().every(Number.isFinite)).toBe(true)
  })

  it.each(['embeddings', 'proxies'] as const)('has the gradient of finite differences in %s', (of) => {
    const one = randomCase(8, [0, 1, 2, 0, 1, 2], 4)
    const step = 1e-5
    const numeric = one[of].map((row, i) =>
      row.map((_, j) => {
        const moved = (by: number): number =>
          oracle({ ...one, [of]: one[of].map((r, k) => r.map((x, l) => (k === i && l === j ? x + by : x))) })
        return (moved(step) - moved(-step)) / (2 * step)
      }),
    )
    expect(largestDifference(evaluate(one).gradients[of], numeric)).toBeLessThanOrEqual(
      1e-4 * largest(numeric),
    )
  })

  it('stays finite where exponentials overflow float32', () => {
    const one = { ...randomCase(9, [0, 1, 1], 3), params: { alpha: 5000, margin: 0.1 } }
    const { value, gradients } = evaluate(one)
    expect(Number.isFinite(value)).toBe(true)
    expect(gradients.proxies.flat().every(Number.isFinite)).toBe(true)
  })

  it('is NaN, and so stops training, where an embedding is NaN', () => {
    const one = randomCase(10, [0, 1], 2)
    one.embeddings[0] = [NaN, 0, 0, 0, 0, 0]
    expect(evaluate(one).value).toBeNaN()
  })
})
