import type { tf } from '../tensors/tensorflow.js'

/** A loss with its parameters set, for the classes and dimensions of one training run. */
export interface Loss {
  /**
   * What is learned along with the network, by name (`proxies`). It has a rate of its own and never travels with
   * the model.
   */
  readonly variables: ReadonlyMap<string, tf.Variable>
  /**
   * The value for one batch, differentiable in the embeddings and the variables.
   *
   * @param embeddings raw embeddings z, [B, D], before unit length
   * @param labels class indexes below `classes`, int32 [B]
   */
  value(embeddings: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar
  /** Frees the variables. */
  dispose(): void
}

/** What the registry knows of a loss. */
export interface LossDefinition {
  readonly name: string
  /** One sentence: what it asks of the embeddings. */
  readonly summary: string
  /** The paper. */
  readonly source: string
  readonly params: Readonly<Record<string, { readonly default: number; readonly description: string }>>
  create(params: Readonly<Record<string, number>>, sizes: LossSizes): Loss
}

export interface LossSizes {
  readonly classes: number
  readonly dimensions: number
  /** Draws initial values, uniform in [0, 1). */
  readonly random: () => number
}
