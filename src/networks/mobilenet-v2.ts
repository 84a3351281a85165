import { graphInput, type Backbone, type BackboneLayer, type ConvLayer } from './graph.js'

/** Expansion, output channels, repeats, stride of the first repeat: table 2 of Sandler et al., MobileNetV2 (2018). */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const

/**
 * MobileNetV2 of width 1.0 up to its 1280 feature maps, BatchNorm folded into the convolutions (so each has a
 * bias). Parameters are named `stem`, `blocks.N.expand`, `blocks.N.dw`, `blocks.N.project`, `head`.
 */
export function mobileNetV2(): Backbone {
  const layers: BackboneLayer[] = []
  const conv = (
    name: string,
    input: string,
    [inChannels, outChannels]: readonly [number, number],
    rest: Partial<ConvLayer>,
  ): string => {
    const plain = { kernel: 1, stride: 1, depthwise: false, activation: 'relu6' } as const
    layers.push({ kind: 'conv', name, input, inChannels, outChannels, ...plain, ...rest })
    return name
  }

  let output = conv('stem', graphInput, [3, 32], { kernel: 3, stride: 2 })
  let channels = 32
  let block = 0
  for (const [expansion, outChannels, repeats, firstStride] of stages) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const name = `blocks.${block++}`
      const stride = repeat === 0 ? firstStride : 1
      const wide = channels * expansion
      const input = output
      if (expansion > 1) output = conv(`${name}.expand`, output, [channels, wide], {})
      output = conv(`${name}.dw`, output, [wide, wide], { kernel: 3, stride, depthwise: true })
      output = conv(`${name}.project`, output, [wide, outChannels], { activation: 'none' })
      if (stride === 1 && channels === outChannels) {
        layers.push({ kind: 'add', name: `${name}.add`, inputs: [input, output] })
        output = `${name}.add`
      }
      channels = outChannels
    }
  }
  output = conv('head', output, [channels, 1280], {})
  return { layers, output, channels: 1280 }
}
