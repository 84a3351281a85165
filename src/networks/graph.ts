/**
 * A network as plain data: layers in an order in which each comes after its inputs. Two interpreters read it,
 * `forward.ts` (TensorFlow, trainable) and `onnx/` (the file that serves), so both compute the same.
 */
export interface Graph {
  readonly backbone: Backbone
  /** What turns the backbone's feature maps into the embedding. */
  readonly top: readonly TopLayer[]
  /** Name of the layer whose output is the embedding before it is scaled to unit length. */
  readonly embedding: string
  /** Name of the layer whose output is the unit-length embedding. */
  readonly output: string
  /** Values of one embedding. */
  readonly dimensions: number
}

/** What layers call the network's input picture. */
export const graphInput = 'image'

/** Layers on feature maps [N, height, width, channels]. */
export type BackboneLayer = ConvLayer | AddLayer | MaxPoolLayer
/** Layers on rows [N, channels], and the pooling that leads there. */
export type TopLayer = PoolLayer | ConcatLayer | LinearLayer | UnitLengthLayer

export type Activation = 'none' | 'relu' | 'relu6'

/**
 * What a window of odd size reads beyond the edges; output = ceil(input / stride) either way. `same` is TensorFlow's
 * SAME: as little as needed, and of an odd amount the larger half at the bottom and right. `symmetric` is what PyTorch
 * programs give: floor(kernel / 2) on each side. They differ where stride is above 1, and weights trained with one
 * give worse features with the other.
 */
export type Padding = 'same' | 'symmetric'

/** Convolution with bias and activation. Parameters: `NAME.weight`, `NAME.bias`. */
export interface ConvLayer {
  readonly kind: 'conv'
  readonly name: string
  readonly input: string
  readonly inChannels: number
  readonly outChannels: number
  /** Side of the square kernel. */
  readonly kernel: number
  readonly stride: number
  readonly padding: Padding
  /** One filter per channel; inChannels equals outChannels. */
  readonly depthwise: boolean
  readonly activation: Activation
}

/** activation(a + b) */
export interface AddLayer {
  readonly kind: 'add'
  readonly name: string
  readonly inputs: readonly [string, string]
  readonly activation: Activation
}

/** Largest value of each window, with symmetric padding that never wins. */
export interface MaxPoolLayer {
  readonly kind: 'max-pool'
  readonly name: string
  readonly input: string
  /** Odd side of the square window. */
  readonly kernel: number
  readonly stride: number
}

/** Global pooling: [N, height, width, C] to [N, C]. */
export interface PoolLayer {
  readonly kind: 'pool'
  readonly name: string
  readonly input: string
  readonly pooling: 'average' | 'maximum'
}

/** Joins [N, C] outputs along C. */
export interface ConcatLayer {
  readonly kind: 'concat'
  readonly name: string
  readonly inputs: readonly string[]
}

/** y = x W^T + b. Parameters: `NAME.weight` [out, in], `NAME.bias` [out]. */
export interface LinearLayer {
  readonly kind: 'linear'
  readonly name: string
  readonly input: string
  readonly inFeatures: number
  readonly outFeatures: number
}

/** x / max(|x|, 1e-12) per row; a zero row stays zero. */
export interface UnitLengthLayer {
  readonly kind: 'unit-length'
  readonly name: string
  readonly input: string
}

/** Norms below this are taken for it, so that a zero embedding gives zeros and not NaN. */
export const smallestNorm = 1e-12

/** Names of the outputs that a layer reads. */
export const inputsOf = (layer: BackboneLayer): readonly string[] =>
  layer.kind === 'add' ? layer.inputs : [layer.input]

/** The convolutional part of a network: its last layer gives the feature map [N, height, width, channels]. */
export interface Backbone {
  readonly layers: readonly BackboneLayer[]
  readonly output: string
  readonly channels: number
}
