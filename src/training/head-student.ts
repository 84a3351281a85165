import type { Architecture } from '../bundles/manifest.js'
import { KindredError } from '../errors.js'
import { architectureGraph, headName } from '../networks/architecture-graph.js'
import { smallestNorm } from '../networks/graph.js'
import { fromTensorflow, tensorflowShape, toTensorflow } from '../networks/layout.js'
import { isHead, parametersOf } from '../networks/parameters.js'
import type { NamedTensor, TensorMap } from '../networks/tensor-map.js'
import { tf } from '../tensors/tensorflow.js'
import type { Student } from './student.js'

/**
 * The linear head of an architecture alone: its examples are what the backbone's pooling gives.
 *
 * @param weights at least those of the head, in the layout of the weights file
 */
export function headStudent(architecture: Architecture, weights: TensorMap): Student {
  const parameters = parametersOf(architectureGraph(architecture)).filter(({ name }) => isHead(name))
  const variables = new Map<string, tf.Variable>()
  for (const parameter of parameters) {
    const data = weights.get(parameter.name)?.data
    if (data === undefined) throw new KindredError('WEIGHTS_INVALID', `The weights lack ${parameter.name}`)
    const values = tf.tensor(toTensorflow(parameter, data), tensorflowShape(parameter), 'float32')
    variables.set(parameter.name, tf.variable(values, true))
    values.dispose()
  }
  const weight = variables.get(`${headName}.weight`)
  const bias = variables.get(`${headName}.bias`)
  if (weight === undefined || bias === undefined) {
    throw new KindredError('INTERNAL', `The architecture ${architecture.backbone} has no linear head`)
  }
  const [width = 0, dimensions = 0] = weight.shape
  const forward = (features: tf.Tensor): tf.Tensor2D =>
    tf.tidy(() => tf.add<tf.Tensor2D>(tf.matMul(features, weight as tf.Tensor), bias))

  return {
    dimensions,
    exampleShape: [width],
    variables,
    forward,
    embed: (features) =>
      tf.tidy(() => {
        const rows = forward(features)
        return tf.div(rows, tf.maximum(tf.norm(rows, 'euclidean', 1, true), smallestNorm))
      }),
    weights: () =>
      new Map(
        parameters.map((parameter): [string, NamedTensor] => {
          const values = Float32Array.from(variables.get(parameter.name)?.dataSync() ?? [])
          return [parameter.name, { shape: parameter.shape, data: fromTensorflow(parameter, values) }]
        }),
      ),
    twin: (other) => headStudent(architecture, other),
    dispose(): void {
      for (const variable of variables.values()) variable.dispose()
    },
  }
}
