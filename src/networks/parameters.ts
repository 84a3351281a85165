import { KindredError } from '../errors.js'
import { headName } from './architecture-graph.js'
import type { Graph } from './graph.js'
import type { TensorMap } from './tensor-map.js'

/** One trainable tensor of a graph; `shape` is that of the weights file (see TensorMap). */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: 'conv' | 'depthwise' | 'linear' | 'bias'
  /** Inputs that one output value sums over: what He initialisation scales by. */
  readonly fanIn: number
}

/** Every parameter of a graph, in the order of its layers: the order of the weights file. */
export function parametersOf(graph: Graph): Parameter[] {
  return [...graph.backbone.layers, ...graph.top].flatMap((layer): Parameter[] => {
    if (layer.kind === 'conv') {
      const { name, kernel, depthwise, outChannels } = layer
      const filterChannels = depthwise ? 1 : layer.inChannels
      const fanIn = filterChannels * kernel * kernel
      const shape = [outChannels, filterChannels, kernel, kernel]
      return [
        { name: `${name}.weight`, shape, role: depthwise ? 'depthwise' : 'conv', fanIn },
        { name: `${name}.bias`, shape: [outChannels], role: 'bias', fanIn },
      ]
    }
    if (layer.kind === 'linear') {
      const { name, inFeatures: fanIn, outFeatures } = layer
      return [
        { name: `${name}.weight`, shape: [outFeatures, fanIn], role: 'linear', fanIn },
        { name: `${name}.bias`, shape: [outFeatures], role: 'bias', fanIn },
      ]
    }
    return []
  })
}

/** Whether a parameter is one of the linear head's. */
export const isHead = (name: string): boolean => name.startsWith(`${headName}.`)

/** The weights of the backbone alone: what a network with another head starts from. */
export const withoutHead = (weights: TensorMap): TensorMap =>
  new Map([...weights].filter(([name]) => !isHead(name)))

/**
 * Checks that weights fit a graph: no tensor unknown, missing, of another shape, or holding NaN or infinity.
 *
 * @param options.headMayLack whether the linear head may be missing, to be initialised
 * @throws KindredError WEIGHTS_INVALID
 */
export function checkWeights(
  graph: Graph,
  weights: TensorMap,
  options: { headMayLack?: boolean } = {},
): void {
  const unknown = new Set(weights.keys())
  for (const { name, shape } of parametersOf(graph)) {
    unknown.delete(name)
    const tensor = weights.get(name)
    if (tensor === undefined) {
      if (options.headMayLack === true && isHead(name)) continue
      throw new KindredError('WEIGHTS_INVALID', `The weights lack ${name}`)
    }
    if (tensor.shape.join() !== shape.join()) {
      const shapes = `[${tensor.shape.join(', ')}], but the network needs [${shape.join(', ')}]`
      throw new KindredError('WEIGHTS_INVALID', `The weights hold ${name} of shape ${shapes}`)
    }
    if (!tensor.data.every(Number.isFinite)) {
      throw new KindredError('WEIGHTS_INVALID', `The weights hold values of ${name} that are not finite`)
    }
  }
  if (unknown.size > 0) {
    const names = [...unknown].slice(0, 5).join(', ')
    throw new KindredError('WEIGHTS_INVALID', `The weights hold tensors the network lacks: ${names}`)
  }
}
