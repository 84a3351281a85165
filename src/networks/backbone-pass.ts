import { KindredError } from '../errors.js'
import { convolve, convolveBackward } from '../tensors/convolution.js'
import { runKernel } from '../tensors/node-kernel.js'
import type { tf } from '../tensors/tensorflow.js'
import { graphInput, type Backbone, type BackboneLayer } from './graph.js'

/** Outputs of a backbone's layers by name, the input picture among them. */
export type Outputs = Map<string, tf.Tensor>
type Variables = ReadonlyMap<string, tf.Tensor>

/**
 * Runs the layers of a backbone. Every output is kept for `passBackward`, unless `keepAll` is false: then each is
 * freed after its last use.
 *
 * @param images [N, height, width, 3]; it stays the caller's
 */
export function passForward(
  { layers, output }: Backbone,
  variables: Variables,
  images: tf.Tensor,
  { keepAll }: { keepAll: boolean },
): Outputs {
  const outputs: Outputs = new Map([[graphInput, images]])
  const lastUse = new Map(layers.flatMap((layer) => inputsOf(layer).map((input) => [input, layer.name])))
  for (const layer of layers) {
    const [first, second] = inputsOf(layer).map((input) => get(outputs, input))
    outputs.set(
      layer.name,
      layer.kind === 'conv'
        ? convolve(need(first), ...parametersOf(layer.name, variables), layer)
        : runKernel('AddV2', [need(first), need(second)]),
    )
    if (keepAll) continue
    for (const input of inputsOf(layer)) {
      if (input === graphInput || input === output || lastUse.get(input) !== layer.name) continue
      get(outputs, input).dispose()
      outputs.delete(input)
    }
  }
  return outputs
}

/**
 * Walks a backbone from its last layer to its first, and frees every output and gradient as soon as nothing needs it:
 * tfjs would hold them all until the end of the step, and fresh memory costs more than most of these kernels.
 *
 * @param outputs of `passForward`; all but the picture are disposed
 * @param dy gradient by the backbone's output; it stays the caller's
 * @returns gradients by parameter name
 */
export function passBackward(
  { layers, output }: Backbone,
  variables: Variables,
  outputs: Outputs,
  dy: tf.Tensor,
): Map<string, tf.Tensor> {
  const gradients = new Map<string, tf.Tensor>()
  const byOutput = new Map<string, tf.Tensor>([[output, dy.clone()]])
  for (const layer of layers.toReversed()) {
    const own = get(byOutput, layer.name)
    const y = get(outputs, layer.name)
    if (layer.kind === 'add') {
      for (const input of layer.inputs) accumulate(byOutput, input, own.clone())
    } else {
      const [filter] = parametersOf(layer.name, variables)
      const learnsBefore = layer.input !== graphInput
      const found = convolveBackward(own, { x: get(outputs, layer.input), filter, y }, layer, learnsBefore)
      gradients.set(`${layer.name}.weight`, found.filter)
      gradients.set(`${layer.name}.bias`, found.bias)
      if (found.x !== undefined) accumulate(byOutput, layer.input, found.x)
    }
    own.dispose()
    y.dispose()
    byOutput.delete(layer.name)
    outputs.delete(layer.name)
  }
  return gradients
}

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

const inputsOf = (layer: BackboneLayer): readonly string[] =>
  layer.kind === 'conv' ? [layer.input] : layer.inputs

const parametersOf = (name: string, variables: Variables): [filter: tf.Tensor, bias: tf.Tensor] => [
  get(variables, `${name}.weight`),
  get(variables, `${name}.bias`),
]

const get = (tensors: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor =>
  need(tensors.get(name), name)

function need(tensor: tf.Tensor | undefined, name = 'an input'): tf.Tensor {
  if (tensor === undefined) throw new KindredError('INTERNAL', `The network has no tensor for ${name}`)
  return tensor
}
