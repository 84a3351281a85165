import type { tf } from '../tensors/tensorflow.js'
import type { Distance } from './distances/distance.js'
import type { Params, ParamValue, Values } from './params.js'

/** What a loss is asked about. */
export interface LossBatch {
  /** Raw embeddings z, [B, D], before unit length. */
  readonly embeddings: tf.Tensor2D
  /** Class indexes below `classes`, [B]. */
  readonly labels: Int32Array
  /** Uniform in [0, 1), seeded for this step and this loss alone. */
  readonly random: () => number
}

/** A loss with its parameters set, for the classes and dimensions of one training run. */
export interface Loss {
  /**
   * What is learned along with the network, by name (`proxies`). It has a rate of its own and never travels with
   * the model.
   */
  readonly variables: ReadonlyMap<string, tf.Variable>
  /** One proxy a class, raw, [C, D], where the loss has such: one of its variables. */
  readonly proxies?: tf.Tensor2D
  /**
   * The value for one batch, differentiable in the embeddings and the variables. It is 0, with a gradient of 0, where
   * the batch has no pair or triplet to ask about, and NaN, with a gradient of 0, where an embedding is not finite.
   */
  value(batch: LossBatch): tf.Scalar
  /** Frees the variables. */
  dispose(): void
}

/** What a regulariser is asked about. */
export interface RegularisedBatch extends LossBatch {
  /** Embeddings of the same pictures by the network as it stood at the end of the previous epoch, [B, D]. */
  readonly teacher: tf.Tensor2D | null
  /** Those of the base loss, raw, [C, D], where it has such. */
  readonly proxies: tf.Tensor2D | null
}

/** A term that is added to any base loss. */
export interface Regulariser extends Pick<Loss, 'variables' | 'dispose'> {
  /** As the value of a loss; the weight is the caller's. */
  value(batch: RegularisedBatch): tf.Scalar
}

/** What a loss or a regulariser is made for. */
export interface LossSizes {
  readonly classes: number
  readonly dimensions: number
  /** Draws initial values, uniform in [0, 1). */
  readonly random: () => number
}

interface Documented {
  readonly name: string
  /** One sentence: what it asks of the embeddings. */
  readonly summary: string
  /** The paper. */
  readonly source: string
  readonly params: Params
}

/** What the registry knows of a loss. */
export interface LossDefinition extends Documented {
  /** Whether it measures pairs by the distance that it is given. */
  readonly takesDistance?: true
  /** @param values every parameter, resolved */
  create(values: Readonly<Record<string, ParamValue>>, context: LossContext): Loss
}

export interface LossContext extends LossSizes {
  readonly distance: Distance
}

/** What the registry knows of a regulariser. */
export interface RegulariserDefinition extends Documented {
  /** Its weight where none is given. */
  readonly weight: number
  /** Whether the weight grows by epoch e of E as e / E, from 0. */
  readonly ramped?: true
  /** Whether it compares with the network of the previous epoch. */
  readonly needsTeacher?: true
  create(values: Readonly<Record<string, ParamValue>>, sizes: LossSizes): Regulariser
}

/** A definition whose `create` knows the type of each of its parameters. */
type Typed<D extends LossDefinition | RegulariserDefinition, P extends Params> = Omit<
  D,
  'params' | 'create'
> & {
  readonly params: P
  create(values: Values<P>, context: Parameters<D['create']>[1]): ReturnType<D['create']>
}

export const defineLoss = <const P extends Params>(definition: Typed<LossDefinition, P>): LossDefinition =>
  definition

export const defineRegulariser = <const P extends Params>(
  definition: Typed<RegulariserDefinition, P>,
): RegulariserDefinition => definition

/** A loss or regulariser that learns nothing of its own. */
export function withoutVariables<B extends LossBatch>(
  value: (batch: B) => tf.Scalar,
): { variables: ReadonlyMap<string, tf.Variable>; value: (batch: B) => tf.Scalar; dispose: () => void } {
  return { variables: new Map(), value, dispose: () => undefined }
}

/** A loss that learns one proxy a class, [C, D]. */
export const withProxies = (
  proxies: tf.Variable,
  value: (batch: LossBatch, proxies: tf.Tensor2D) => tf.Scalar,
): Loss => ({
  variables: new Map([['proxies', proxies]]),
  proxies: proxies as tf.Tensor2D,
  value: (batch) => value(batch, proxies as tf.Tensor2D),
  dispose: () => {
    proxies.dispose()
  },
})
