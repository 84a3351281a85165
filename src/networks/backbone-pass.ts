import { KindredError } from '../errors.js'
import { addActivated, addActivatedBackward } from '../tensors/activated-sum.js'
import { convolve, convolveBackward } from '../tensors/convolution.js'
import { maxPool, maxPoolBackward } from '../tensors/max-pool.js'
import { runKernel } from '../tensors/node-kernel.js'
import { convolveSymmetric, convolveSymmetricBackward } from '../tensors/symmetric-convolution.js'
import type { tf } from '../tensors/tensorflow.js'
import { graphInput, inputsOf, type Backbone, type BackboneLayer, type ConvLayer } from './graph.js'

/** Outputs of a backbone's layers by name, the input picture among them. */
export type Outputs = Map<string, tf.Tensor>
type Variables = ReadonlyMap<string, tf.Tensor>

/**
 * Runs the layers of a backbone. What `passBackward` needs is kept, every other output freed after its last use.
 *
 * @param images [N, height, width, 3]; it stays the caller's
 * @param firstLearning index of the first layer that learns; Infinity where none does
 */
export function passForward(
  { layers, output }: Backbone,
  variables: Variables,
  images: tf.Tensor,
  firstLearning: number,
): Outputs {
  const outputs: Outputs = new Map([[graphInput, images]])
  const lastUse = lastUses(layers)
  layers.forEach((layer, index) => {
    outputs.set(layer.name, runLayer(layer, variables, outputs))
    if (index >= firstLearning) return
    for (const input of inputsOf(layer)) {
      if (input === graphInput || input === output || lastUse.get(input) !== index) continue
      get(outputs, input).dispose()
      outputs.delete(input)
    }
  })
  return outputs
}

/** Names of the outputs that `passForward` keeps, the picture among them. */
export function keptOutputs({ layers, output }: Backbone, firstLearning: number): string[] {
  const lastUse = lastUses(layers)
  const names = layers.map(({ name }) => name)
  return [
    graphInput,
    ...names.filter((name) => name === output || (lastUse.get(name) ?? Infinity) >= firstLearning),
  ]
}

/** Index of the last layer that takes an output, by the output's name. */
const lastUses = (layers: readonly BackboneLayer[]): ReadonlyMap<string, number> =>
  new Map(layers.flatMap((layer, index) => inputsOf(layer).map((input) => [input, index])))

/**
 * Walks a backbone from its last layer to the first that learns, and frees every output and gradient as soon as nothing
 * needs it: tfjs would hold them all until the end of the step, and fresh memory costs more than most of these kernels.
 *
 * @param outputs of `passForward`; all but the picture are disposed
 * @param dy gradient by the backbone's output; it stays the caller's
 * @param firstLearning as `passForward` was given it
 * @returns gradients by parameter name, of every layer from that one on
 */
export function passBackward(
  { layers, output }: Backbone,
  variables: Variables,
  outputs: Outputs,
  dy: tf.Tensor,
  firstLearning: number,
): Map<string, tf.Tensor> {
  const gradients = new Map<string, tf.Tensor>()
  const byOutput = new Map<string, tf.Tensor>([[output, dy.clone()]])
  const learning = layers.slice(firstLearning)
  const needGradient = new Set(learning.map(({ name }) => name))
  for (const layer of learning.toReversed()) {
    const own = get(byOutput, layer.name)
    const y = get(outputs, layer.name)
    switch (layer.kind) {
      case 'add': {
        const ofBoth = addActivatedBackward(own, y, layer.activation)
        for (const input of layer.inputs) {
          if (needGradient.has(input)) accumulate(byOutput, input, ofBoth.clone())
        }
        ofBoth.dispose()
        break
      }
      case 'max-pool':
        if (!needGradient.has(layer.input)) break
        accumulate(byOutput, layer.input, maxPoolBackward(own, { x: get(outputs, layer.input), y }, layer))
        break
      case 'conv': {
        const [filter] = parametersOf(layer.name, variables)
        const learnsBefore = needGradient.has(layer.input)
        const backward = isSymmetric(layer) ? convolveSymmetricBackward : convolveBackward
        const found = backward(own, { x: get(outputs, layer.input), filter, y }, layer, learnsBefore)
        gradients.set(`${layer.name}.weight`, found.filter)
        gradients.set(`${layer.name}.bias`, found.bias)
        if (found.x !== undefined) accumulate(byOutput, layer.input, found.x)
        break
      }
    }
    own.dispose()
    y.dispose()
    byOutput.delete(layer.name)
    outputs.delete(layer.name)
  }
  // What layers that do not learn gave to those that do.
  for (const [name, rest] of outputs) if (name !== graphInput) rest.dispose()
  return gradients
}

function runLayer(layer: BackboneLayer, variables: Variables, outputs: Outputs): tf.Tensor {
  switch (layer.kind) {
    case 'add': {
      const [a, b] = layer.inputs
      return addActivated(get(outputs, a), get(outputs, b), layer.activation)
    }
    case 'max-pool':
      return maxPool(get(outputs, layer.input), layer)
    case 'conv': {
      const [filter, bias] = parametersOf(layer.name, variables)
      const run = isSymmetric(layer) ? convolveSymmetric : convolve
      return run(get(outputs, layer.input), filter, bias, layer)
    }
  }
}

/** Without stride, or with a window of one pixel, both paddings are the same, and SAME has the faster kernels. */
const isSymmetric = ({ padding, stride, kernel }: ConvLayer): boolean =>
  padding === 'symmetric' && stride > 1 && kernel > 1

/** Adds a gradient, which becomes the map's, to the one a name has. */
function accumulate(gradients: Map<string, tf.Tensor>, name: string, gradient: tf.Tensor): void {
  const before = gradients.get(name)
  if (before === undefined) {
    gradients.set(name, gradient)
    return
  }
  gradients.set(name, runKernel('AddV2', [before, gradient]))
  before.dispose()
  gradient.dispose()
}

const parametersOf = (name: string, variables: Variables): [filter: tf.Tensor, bias: tf.Tensor] => [
  get(variables, `${name}.weight`),
  get(variables, `${name}.bias`),
]

function get(tensors: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new KindredError('INTERNAL', `The network has no tensor for ${name}`)
  return tensor
}
