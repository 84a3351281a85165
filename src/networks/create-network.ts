import type { Architecture } from '../bundles/manifest.js'
import { tf } from '../tensors/tensorflow.js'
import { architectureGraph } from './architecture-graph.js'
import type { Graph } from './graph.js'
import { initialWeights } from './initialise.js'
import { fromTensorflow, tensorflowShape, toTensorflow } from './layout.js'
import type { Network } from './network.js'
import { parametersOf } from './parameters.js'
import { runBackbone } from './run-backbone.js'
import { runTop } from './run-top.js'
import type { NamedTensor, TensorMap } from './tensor-map.js'

/**
 * Largest tensor while the backbone runs. A larger one costs more than its arithmetic: glibc takes anything above 32 MiB
 * from the kernel anew each time, page by page, and it leaves the processor's cache before the next kernel reads it.
 */
const defaultChunkBytes = 128 * 1024 * 1024

interface NetworkOptions {
  readonly seed: number
  readonly weights?: TensorMap
  readonly chunkBytes?: number
}

/**
 * Builds a network that trains.
 *
 * @param options.seed decides the starting weights that `weights` does not give
 * @param options.weights all of the network's weights, or all but the linear head's; without it everything starts from
 * the seed
 * @throws KindredError INVALID_ARGUMENT for an unknown architecture, WEIGHTS_INVALID for weights that do not fit
 */
export function createNetwork(architecture: Architecture, options: NetworkOptions): Network {
  return networkOf(architecture, architectureGraph(architecture), options)
}

/** As `createNetwork`, of a graph at hand. */
export function networkOf(architecture: Architecture, graph: Graph, options: NetworkOptions): Network {
  const { seed, weights, chunkBytes = defaultChunkBytes } = options
  const start = initialWeights(graph, seed, weights)
  const parameters = parametersOf(graph)
  const variables = new Map<string, tf.Variable>()
  for (const parameter of parameters) {
    const { name } = parameter
    const data = start.get(name)?.data ?? new Float32Array()
    const values = tf.tensor(toTensorflow(parameter, data), tensorflowShape(parameter), 'float32')
    // tfjs registers variables by name, globally, and two networks may live at once: so it names them itself.
    variables.set(name, tf.variable(values, true))
    values.dispose()
  }

  const run = (images: tf.Tensor4D, until: string): tf.Tensor2D =>
    tf.tidy(() => {
      const features = runBackbone(graph.backbone, variables, images, chunkBytes)
      return runTop(graph.top, graph.backbone, variables, features, until)
    })

  return {
    architecture,
    dimensions: graph.dimensions,
    variables,
    forward: (images) => run(images, graph.embedding),
    embed: (images) => run(images, graph.output),
    weights(): TensorMap {
      const copy = new Map<string, NamedTensor>()
      for (const parameter of parameters) {
        const { name, shape } = parameter
        const values = variables.get(name)?.dataSync() ?? []
        copy.set(name, { shape, data: fromTensorflow(parameter, Float32Array.from(values)) })
      }
      return copy
    },
    dispose(): void {
      for (const variable of variables.values()) variable.dispose()
    },
  }
}
