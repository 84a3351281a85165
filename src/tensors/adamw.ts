import { expected } from '../errors.js'
import { runEffect, runKernel } from './node-kernel.js'
import { readValues } from './read-values.js'
import { createResourceVariable, type ResourceVariable } from './resource-variable.js'
import { tf } from './tensorflow.js'

/** A variable that learns, and how. */
export interface AdamWParameter {
  /** Name under which its gradient is given and its state is kept. */
  readonly name: string
  readonly variable: tf.Variable
  /** Its learning rate is this times that of the step. */
  readonly rateFactor: number
  /** Share of the value that a step takes away, per unit of learning rate. */
  readonly weightDecay: number
}

/** What AdamW remembers of one variable; the moments have the layout of the variable. */
export interface AdamWState {
  readonly steps: number
  readonly first: Float32Array
  readonly second: Float32Array
}

export interface AdamW {
  /**
   * One step: p <- p (1 - rate weightDecay) - rate m^ / (sqrt(v^) + epsilon), with m^ and v^ the bias-corrected running
   * means of gradient and squared gradient. Variables without a gradient stay as they are.
   *
   * @param gradients by parameter name; they stay the caller's
   * @param rate learning rate of parameters whose factor is 1
   */
  step(gradients: ReadonlyMap<string, tf.Tensor>, rate: number): void
  /** A copy of the state by parameter name, for a checkpoint. */
  state(): Map<string, AdamWState>
  /** @throws KindredError INVALID_ARGUMENT when a parameter's state is missing or of another size */
  restore(state: ReadonlyMap<string, AdamWState>): void
  dispose(): void
}

/**
 * AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019) by TensorFlow's fused Adam kernel: one
 * pass over each variable where tfjs's optimisers make a dozen.
 */
export function createAdamW(
  parameters: readonly AdamWParameter[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {},
): AdamW {
  const slots = parameters.map(createSlot)

  const update = (
    slot: Slot,
    gradient: tf.Tensor,
    rate: number,
    scalar: (value: number) => tf.Tensor,
  ): void => {
    const { parameter, value, first, second } = slot
    const { variable, rateFactor, weightDecay } = parameter
    slot.steps++
    const ownRate = rate * rateFactor
    const correction1 = 1 - beta1 ** slot.steps
    const correction2 = 1 - beta2 ** slot.steps
    // The kernel divides by sqrt(v) + epsilon before the correction of v; scaled so, epsilon means what the paper says.
    const scaledEpsilon = epsilon * Math.sqrt(correction2)
    const decayed = runKernel('Mul', [variable, scalar(1 - ownRate * weightDecay)])
    value.assign(decayed)
    // While this tensor lives the kernel would have to change a copy of it.
    decayed.dispose()
    const numbers = [1 - correction1, 1 - correction2, ownRate, beta1, beta2, scaledEpsilon]
    runEffect('ResourceApplyAdam', [
      ...[value.handle, first.handle, second.handle],
      ...numbers.map(scalar),
      gradient,
    ])
    const next = value.read()
    variable.assign(next)
    next.dispose()
  }

  return {
    step(gradients, rate): void {
      tf.tidy(() => {
        const scalar = rememberedScalars()
        for (const slot of slots) {
          const gradient = gradients.get(slot.parameter.name)
          if (gradient !== undefined) update(slot, gradient, rate, scalar)
        }
      })
    },
    state: () =>
      new Map(
        slots.map(({ parameter, steps, first, second }) => [
          parameter.name,
          { steps, first: valuesOf(first), second: valuesOf(second) },
        ]),
      ),
    restore(state): void {
      for (const slot of slots) {
        const { name, variable } = slot.parameter
        const saved = state.get(name)
        if (saved?.first.length !== variable.size || saved.second.length !== variable.size) {
          throw expected(`moments of ${variable.size} values`, name, saved?.first.length)
        }
        slot.steps = saved.steps
        tf.tidy(() => {
          slot.first.assign(tf.tensor(saved.first, variable.shape, 'float32'))
          slot.second.assign(tf.tensor(saved.second, variable.shape, 'float32'))
        })
      }
    },
    dispose(): void {
      for (const { value, first, second } of slots)
        [value, first, second].forEach((kept) => {
          kept.dispose()
        })
    },
  }
}

interface Slot {
  readonly parameter: AdamWParameter
  readonly value: ResourceVariable
  readonly first: ResourceVariable
  readonly second: ResourceVariable
  steps: number
}

function createSlot(parameter: AdamWParameter): Slot {
  const zeros = tf.zerosLike(parameter.variable)
  const [first, second] = [createResourceVariable(zeros), createResourceVariable(zeros)]
  zeros.dispose()
  return { parameter, value: createResourceVariable(parameter.variable), first, second, steps: 0 }
}

/** Most variables of a step need the same few numbers, each of which becomes a tensor once. */
function rememberedScalars(): (value: number) => tf.Tensor {
  const made = new Map<number, tf.Tensor>()
  return (value) => {
    const tensor = made.get(value) ?? tf.scalar(value)
    made.set(value, tensor)
    return tensor
  }
}

const valuesOf = (variable: ResourceVariable): Float32Array =>
  Float32Array.from(readValues(() => variable.read()))
