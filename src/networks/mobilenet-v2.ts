import { graphInput, type Backbone, type BackboneLayer, type ConvLayer, type Padding } from './graph.js'

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

/** Stage and repeat of each block, in the order of the blocks: where it stands in the table. */
export const blockPlaces: readonly (readonly [stage: number, repeat: number])[] = stages.flatMap(
  ([, , repeats], stage) => Array.from({ length: repeats }, (_, repeat) => [stage, repeat] as const),
)

/** Channels are multiples of this, and rounding takes at most a tenth of them away. */
const divisor = 8

function roundChannels(channels: number): number {
  const nearest = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor)
  return nearest < 0.9 * channels ? nearest + divisor : nearest
}

/**
 * MobileNetV2 up to its last feature maps, 1280 or, where it is wider than published, more; BatchNorm folded into the
 * convolutions (so each has a bias). Parameters are named `stem`, `blocks.N.expand`, `blocks.N.dw`,
 * `blocks.N.project`, `head`.
 *
 * @param width multiplier of all channels, above 0
 */
export function mobileNetV2(width = 1, padding: Padding = 'same'): Backbone {
  const layers: BackboneLayer[] = []
  const conv = (
    name: string,
    input: string,
    [inChannels, outChannels]: readonly [number, number],
    rest: Partial<ConvLayer>,
  ): string => {
    const plain = { kernel: 1, stride: 1, padding, depthwise: false, activation: 'relu6' } as const
    layers.push({ kind: 'conv', name, input, inChannels, outChannels, ...plain, ...rest })
    return name
  }

  let channels = roundChannels(32 * width)
  let output = conv('stem', graphInput, [3, channels], { kernel: 3, stride: 2 })
  blockPlaces.forEach(([stage, repeat], block) => {
    const [expansion, ofStage, , firstStride] = stages[stage] ?? stages[0]
    const name = `blocks.${block}`
    const outChannels = roundChannels(ofStage * width)
    const stride = repeat === 0 ? firstStride : 1
    const wide = channels * expansion
    const input = output
    if (expansion > 1) output = conv(`${name}.expand`, output, [channels, wide], {})
    output = conv(`${name}.dw`, output, [wide, wide], { kernel: 3, stride, depthwise: true })
    output = conv(`${name}.project`, output, [wide, outChannels], { activation: 'none' })
    if (stride === 1 && channels === outChannels) {
      layers.push({ kind: 'add', name: `${name}.add`, inputs: [input, output], activation: 'none' })
      output = `${name}.add`
    }
    channels = outChannels
  })
  const last = roundChannels(1280 * Math.max(1, width))
  output = conv('head', output, [channels, last], {})
  return { layers, output, channels: last }
}
