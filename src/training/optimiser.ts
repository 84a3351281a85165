import { KindredError } from '../errors.js'
import type { Loss } from '../losses/loss.js'
import type { NamedTensor, TensorMap } from '../networks/tensor-map.js'
import { createAdamW, type AdamWParameter, type AdamWState } from '../tensors/adamw.js'
import { clipGradients } from '../tensors/clip-gradients.js'
import { tf } from '../tensors/tensorflow.js'
import { isHead } from '../networks/parameters.js'
import { learningNames } from './learning-layers.js'
import type { TrainSettings } from './settings.js'
import type { Student } from './student.js'

/** AdamW over what a student and its loss learn, each part at its own rate. */
export interface Optimiser {
  /** The variables that move in a step: all that learn in this run, or none of the backbone's. */
  learning(frozen: boolean): tf.Variable[]
  /**
   * Clips the gradient and takes one step.
   *
   * @param gradients by the names of tfjs's variables; they stay the caller's
   * @param rate learning rate of the backbone
   * @returns global norm of the gradient before it was clipped
   * @throws KindredError TRAINING_DIVERGED when the norm is not finite; nothing has moved then
   */
  step(gradients: tf.NamedTensorMap, rate: number): number
  /** What a checkpoint keeps beside the network: the loss's variables, and AdamW's moments and step counts. */
  tensors(): { loss: TensorMap; optimiser: TensorMap }
  /** Takes the loss's variables and AdamW's state from a checkpoint. @throws KindredError WEIGHTS_INVALID */
  restore(saved: { loss: TensorMap; optimiser: TensorMap }): void
  dispose(): void
}

/**
 * Layers that `train` leaves out stay as they are. Weight decay holds for the network's kernels alone: biases and proxies have a place to be, not a size to keep small.
 */
export function createOptimiser(
  student: Pick<Student, 'variables'>,
  loss: Pick<Loss, 'variables'>,
  settings: Pick<TrainSettings, 'train' | 'headRateFactor' | 'lossRateFactor' | 'weightDecay' | 'clipNorm'>,
): Optimiser {
  const { headRateFactor, lossRateFactor, weightDecay, clipNorm } = settings
  const learns = learningNames(settings.train, [...student.variables.keys()])
  const backbone: AdamWParameter[] = []
  const head: AdamWParameter[] = []
  for (const [name, variable] of student.variables) {
    if (!learns.has(name)) continue
    const decay = name.endsWith('.bias') ? 0 : weightDecay
    const rateFactor = isHead(name) ? headRateFactor : 1
    const parameter = { name: `network.${name}`, variable, rateFactor, weightDecay: decay }
    if (isHead(name)) head.push(parameter)
    else backbone.push(parameter)
  }
  const ofLoss = [...loss.variables].map(([name, variable]): AdamWParameter => ({
    name: `loss.${name}`,
    variable,
    rateFactor: lossRateFactor,
    weightDecay: 0,
  }))
  const parameters = [...backbone, ...head, ...ofLoss]
  const adamw = createAdamW(parameters)

  return {
    learning: (frozen) => (frozen ? [...head, ...ofLoss] : parameters).map(({ variable }) => variable),
    step(gradients, rate) {
      const byName = new Map(
        parameters.flatMap(({ name, variable }) => {
          const gradient = gradients[variable.name]
          return gradient === undefined ? [] : [[name, gradient] as const]
        }),
      )
      return tf.tidy(() => {
        const { gradients: clipped, norm } = clipGradients(byName, clipNorm)
        if (!Number.isFinite(norm)) {
          throw new KindredError('TRAINING_DIVERGED', `The norm of the gradient is ${norm}`)
        }
        adamw.step(clipped, rate)
        return norm
      })
    },
    tensors: () => ({
      loss: new Map([...loss.variables].map(([name, variable]) => [name, copyOf(variable)])),
      optimiser: new Map([...adamw.state()].flatMap(([name, state]) => [...toTensors(name, state)])),
    }),
    restore(saved) {
      for (const [name, variable] of loss.variables) {
        const { data, shape } = need(saved.loss, name)
        tf.tidy(() => {
          variable.assign(tf.tensor(data, [...shape], 'float32'))
        })
      }
      adamw.restore(new Map(parameters.map(({ name }) => [name, fromTensors(name, saved.optimiser)])))
    },
    dispose() {
      adamw.dispose()
    },
  }
}

const copyOf = (variable: tf.Variable): NamedTensor => ({
  shape: variable.shape,
  data: Float32Array.from(variable.dataSync()),
})

/** A step count is exact in float32 up to 16 million. */
const toTensors = (name: string, { steps, first, second }: AdamWState): [string, NamedTensor][] => [
  [`${name}.steps`, { shape: [1], data: Float32Array.of(steps) }],
  [`${name}.first`, { shape: [first.length], data: first }],
  [`${name}.second`, { shape: [second.length], data: second }],
]

const fromTensors = (name: string, tensors: TensorMap): AdamWState => ({
  steps: need(tensors, `${name}.steps`).data[0] ?? 0,
  first: need(tensors, `${name}.first`).data,
  second: need(tensors, `${name}.second`).data,
})

function need(tensors: TensorMap, name: string): NamedTensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new KindredError('WEIGHTS_INVALID', `The checkpoint lacks ${name}`)
  return tensor
}
