import { KindredError } from '../errors.js'
import { tf } from '../tensors/tensorflow.js'
import { smallestNorm, type Backbone, type TopLayer } from './graph.js'

type Variables = ReadonlyMap<string, tf.Tensor>

/**
 * Runs the layers after the backbone up to one of them; tfjs records their gradients.
 *
 * @param features [N, height, width, channels], the backbone's output
 * @param until name of the layer whose output is wanted
 * @returns [N, values]
 */
export function runTop(
  top: readonly TopLayer[],
  { output }: Backbone,
  variables: Variables,
  features: tf.Tensor4D,
  until: string,
): tf.Tensor2D {
  const rows = new Map<string, tf.Tensor2D>()
  for (const layer of top) {
    rows.set(layer.name, runLayer(layer))
    if (layer.name === until) break
  }
  return row(until)

  function runLayer(layer: TopLayer): tf.Tensor2D {
    switch (layer.kind) {
      case 'pool': {
        if (layer.input !== output) throw new KindredError('INTERNAL', `${layer.name} must pool the backbone`)
        return layer.pooling === 'average' ? tf.mean(features, [1, 2]) : tf.max(features, [1, 2])
      }
      case 'concat':
        return tf.concat(layer.inputs.map(row), 1)
      case 'linear':
        return tf.add(tf.matMul(row(layer.input), need(`${layer.name}.weight`)), need(`${layer.name}.bias`))
      case 'unit-length': {
        const x = row(layer.input)
        return tf.div(x, tf.maximum(tf.norm(x, 'euclidean', 1, true), smallestNorm))
      }
    }
  }

  function row(name: string): tf.Tensor2D {
    const value = rows.get(name)
    if (value === undefined) throw new KindredError('INTERNAL', `The network has no layer ${name}`)
    return value
  }

  function need(name: string): tf.Tensor {
    const value = variables.get(name)
    if (value === undefined) throw new KindredError('INTERNAL', `The network has no variable ${name}`)
    return value
  }
}
