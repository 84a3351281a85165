import type { Architecture } from '../bundles/manifest.js'
import { expected } from '../errors.js'
import type { Backbone, Graph, TopLayer } from './graph.js'
import { mobileNetV2 } from './mobilenet-v2.js'
import { smallConvnet } from './small-convnet.js'

const backbones: Readonly<Record<string, () => Backbone>> = {
  'mobilenet-v2-1.0': mobileNetV2,
  'small-convnet': smallConvnet,
}

/** Names of the backbones that can be built and trained. */
export const backboneNames: readonly string[] = Object.keys(backbones)

/** Parameters of the linear layer after pooling start with this. */
export const headName = 'embedding'

/**
 * The whole network of an architecture: backbone, global pooling, linear head if it has one, unit length.
 *
 * @throws KindredError INVALID_ARGUMENT for an unknown backbone or a head without width
 */
export function architectureGraph(architecture: Architecture): Graph {
  const build = Object.hasOwn(backbones, architecture.backbone) ? backbones[architecture.backbone] : undefined
  if (build === undefined) {
    throw expected(`one of ${backboneNames.join(', ')}`, 'backbone', architecture.backbone)
  }
  const { head } = architecture
  if (head !== null && (!Number.isInteger(head) || head < 1)) {
    throw expected('a positive integer or null', 'head', head)
  }
  const backbone = build()
  const pooled = poolingLayers(architecture.pooling, backbone)
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
