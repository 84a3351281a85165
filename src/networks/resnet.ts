import { graphInput, type Backbone, type BackboneLayer, type ConvLayer } from './graph.js'

/** Blocks of each stage of ResNet-50: table 1 of He et al., Deep Residual Learning (2016). */
const resNet50Blocks = [3, 4, 6, 3]
/** A block's output is this many times as wide as its middle. */
const expansion = 4

/**
 * ResNet of bottleneck blocks in the form that PyTorch programs publish weights for ("v1.5": a stage halves the sides in
 * its first 3 x 3 convolution), with their padding, BatchNorm folded into the convolutions (so each has a bias).
 * Parameters are named `conv1`, `layerL.B.conv1` to `conv3`, `layerL.B.downsample`, stages L from 1 and blocks B from 0.
 *
 * @param blocks blocks of each stage
 * @param width channels of the stem, and of the first stage's 3 x 3 convolutions; they double with each stage
 */
export function resNet(blocks: readonly number[] = resNet50Blocks, width = 64): Backbone {
  const layers: BackboneLayer[] = []
  const conv = (
    name: string,
    input: string,
    [inChannels, outChannels]: readonly [number, number],
    rest: Partial<ConvLayer>,
  ): string => {
    const plain = {
      kernel: 1,
      stride: 1,
      padding: 'symmetric',
      depthwise: false,
      activation: 'relu',
    } as const
    layers.push({ kind: 'conv', name, input, inChannels, outChannels, ...plain, ...rest })
    return name
  }

  let output = conv('conv1', graphInput, [3, width], { kernel: 7, stride: 2 })
  layers.push({ kind: 'max-pool', name: 'maxpool', input: output, kernel: 3, stride: 2 })
  output = 'maxpool'
  let channels = width
  blocks.forEach((count, stage) => {
    const middle = width * 2 ** stage
    const outChannels = middle * expansion
    for (let block = 0; block < count; block++) {
      const name = `layer${stage + 1}.${block}`
      const stride = block === 0 && stage > 0 ? 2 : 1
      const input = output
      output = conv(`${name}.conv1`, input, [channels, middle], {})
      output = conv(`${name}.conv2`, output, [middle, middle], { kernel: 3, stride })
      output = conv(`${name}.conv3`, output, [middle, outChannels], { activation: 'none' })
      const shortcut =
        block > 0
          ? input
          : conv(`${name}.downsample`, input, [channels, outChannels], { stride, activation: 'none' })
      layers.push({ kind: 'add', name: `${name}.add`, inputs: [shortcut, output], activation: 'relu' })
      output = `${name}.add`
      channels = outChannels
    }
  })
  return { layers, output, channels }
}
