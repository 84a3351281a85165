import type { Architecture } from '../bundles/manifest.js'
import { expected } from '../errors.js'
import { findBackbone } from './backbone-registry.js'
import type { Backbone, Graph, TopLayer } from './graph.js'

/** Parameters of the linear layer after pooling start with this. */
export const headName = 'embedding'

/**
 * The whole network of an architecture: backbone, global pooling, linear head if it has one, unit length.
 *
 * @throws KindredError INVALID_ARGUMENT for an unknown backbone or a head without width
 */
export function architectureGraph(architecture: Architecture): Graph {
  return embeddingGraph(findBackbone(architecture.backbone).build(), architecture)
}

/** The network of a backbone at hand. @throws KindredError INVALID_ARGUMENT for a head without width */
export function embeddingGraph(backbone: Backbone, { pooling, head }: Omit<Architecture, 'backbone'>): Graph {
  if (head !== null && (!Number.isInteger(head) || head < 1)) {
    throw expected('a positive integer or null', 'head', head)
  }
  const pooled = poolingLayers(pooling, backbone)
  const top = [...pooled.layers]
  if (head !== null) {
    const { output: input, channels: inFeatures } = pooled
    top.push({ kind: 'linear', name: headName, input, inFeatures, outFeatures: head })
  }
  const embedding = head === null ? pooled.output : headName
  const output = 'unit-length'
  top.push({ kind: 'unit-length', name: output, input: embedding })
  return { backbone, top, embedding, output, dimensions: head ?? pooled.channels }
}

function poolingLayers(
  pooling: Architecture['pooling'],
  { output: input, channels }: Backbone,
): { layers: TopLayer[]; output: string; channels: number } {
  const average: TopLayer = { kind: 'pool', name: 'gap', input, pooling: 'average' }
  switch (pooling) {
    case 'gap':
      return { layers: [average], output: 'gap', channels }
    case 'gap+gmp': {
      const maximum: TopLayer = { kind: 'pool', name: 'gmp', input, pooling: 'maximum' }
      const joined: TopLayer = { kind: 'concat', name: 'gap+gmp', inputs: ['gap', 'gmp'] }
      return { layers: [average, maximum, joined], output: 'gap+gmp', channels: 2 * channels }
    }
  }
}
