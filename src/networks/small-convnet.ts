import { graphInput, type Backbone, type ConvLayer } from './graph.js'

/** Output channels of each layer; every layer halves the sides, so 32 px end at 4. */
const widths = [16, 32, 64]

/**
 * Three convolutions that train from scratch in seconds, for tests and for trying out a training run. It takes
 * pictures of any size.
 */
export function smallConvnet(): Backbone {
  const layers = widths.map((outChannels, index): ConvLayer => ({
    kind: 'conv',
    name: `conv${index + 1}`,
    input: index === 0 ? graphInput : `conv${index}`,
    inChannels: widths[index - 1] ?? 3,
    outChannels,
    kernel: 3,
    stride: 2,
    padding: 'same',
    depthwise: false,
    activation: 'relu',
  }))
  return { layers, output: `conv${widths.length}`, channels: widths.at(-1) ?? 3 }
}
