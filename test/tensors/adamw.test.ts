import { afterEach, describe, expect, it } from 'vitest'
import { createAdamW, type AdamW, type AdamWParameter } from '../../src/tensors/adamw.js'
import { tf } from '../../src/tensors/tensorflow.js'

const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-3 }

/** AdamW by the paper, in float64. */
function plainAdamW(start: number[], gradients: number[][], rates: number[], decay: number): number[] {
  const m = start.map(() => 0)
  const v = start.map(() => 0)
  return gradients.reduce(
    (values, gradient, at) =>
      values.map((value, i) => {
        const [g = 0, rate = 0, t] = [gradient[i], rates[at], at + 1]
        m[i] = settings.beta1 * (m[i] ?? 0) + (1 - settings.beta1) * g
        v[i] = settings.beta2 * (v[i] ?? 0) + (1 - settings.beta2) * g * g
        const mHat = m[i] / (1 - settings.beta1 ** t)
        const vHat = v[i] / (1 - settings.beta2 ** t)
        return value - rate * decay * value - (rate * mHat) / (Math.sqrt(vHat) + settings.epsilon)
      }),
    start,
  )
}

const start = { a: [1, -2, 0.5, 3, 0, -0.1], b: [10, -10] }
const gradientsOf = (name: 'a' | 'b', step: number): number[] =>
  start[name].map((_, at) => Math.sin(7 * at + 3 * step + name.length) * 10 ** ((at % 3) - 1))
const rates = [0.1, 0.05, 0.2, 0.01]

const open: { dispose(): void }[] = []
const track = <T extends { dispose(): void }>(one: T): T => {
  open.push(one)
  return one
}
afterEach(() => {
  open.splice(0).forEach((one) => {
    one.dispose()
  })
})

function create(): { adamW: AdamW; a: tf.Variable; b: tf.Variable } {
  const a = track(tf.variable(tf.tensor2d(start.a, [2, 3])))
  const b = track(tf.variable(tf.tensor1d(start.b)))
  const parameters: AdamWParameter[] = [
    { name: 'a', variable: a, rateFactor: 1, weightDecay: 0.1 },
    { name: 'b', variable: b, rateFactor: 100, weightDecay: 0 },
  ]
  return { adamW: track(createAdamW(parameters, settings)), a, b }
}

function run({ adamW }: { adamW: AdamW }, steps: readonly number[]): void {
  for (const step of steps) {
    tf.tidy(() => {
      const gradients = new Map<string, tf.Tensor>([
        ['a', tf.tensor2d(gradientsOf('a', step), [2, 3])],
        ['b', tf.tensor1d(gradientsOf('b', step))],
      ])
      adamW.step(gradients, rates[step] ?? 0)
    })
  }
}

const expectClose = (tensor: tf.Tensor, values: number[]): void => {
  const read = tensor.dataSync()
  expect(read).toHaveLength(values.length)
  values.forEach((value, at) => {
    expect(Math.abs((read[at] ?? NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
  })
}

const allSteps = rates.map((_, step) => step)
const wanted = (name: 'a' | 'b', factor: number, decay: number): number[] =>
  plainAdamW(
    start[name],
    allSteps.map((step) => gradientsOf(name, step)),
    rates.map((rate) => factor * rate),
    decay,
  )

describe('AdamW', () => {
  it('moves each group as plain loops in float64 do, by its own rate and decay', () => {
    const made = create()
    run(made, allSteps)
    expectClose(made.a, wanted('a', 1, 0.1))
    expectClose(made.b, wanted('b', 100, 0))
  })

  it('goes on from a saved state as if it had never stopped', () => {
    const first = create()
    run(first, [0, 1])
    const state = first.adamW.state()
    const second = create()
    second.a.assign(first.a)
    second.b.assign(first.b)
    second.adamW.restore(state)
    run(first, [2, 3])
    run(second, [2, 3])
    expect([...second.a.dataSync()]).toEqual([...first.a.dataSync()])
    expect([...second.b.dataSync()]).toEqual([...first.b.dataSync()])
  })

  it('leaves a variable without gradient alone, and does not count the step for it', () => {
    const { adamW, b } = create()
    tf.tidy(() => {
      adamW.step(new Map([['a', tf.ones([2, 3])]]), 0.1)
    })
    expectClose(b, start.b)
    expect(adamW.state().get('b')?.steps).toBe(0)
    expect(adamW.state().get('a')?.steps).toBe(1)
  })

  it('leaves earlier readings of a variable as they were', () => {
    const made = create()
    const before = track(made.a.clone())
    run(made, [0])
    expectClose(before, start.a)
  })

  it('refuses a state that does not fit', () => {
    const { adamW } = create()
    const state = adamW.state()
    state.delete('b')
    expect(() => {
      adamW.restore(state)
    }).toThrow('moments of 2 values for b')
  })

  it('keeps no tensors of a step', () => {
    const made = create()
    run(made, [0])
    const { numTensors } = tf.memory()
    run(made, [1, 2])
    expect(tf.memory().numTensors).toBe(numTensors)
  })
})
