import type * as Tf from '@tensorflow/tfjs-core'
import { candidates, resolveTensorflow } from './resolve-tensorflow.js'

// libtensorflow greets on stderr with a line about CPU instructions; errors stay. It reads the environment of the
// process: a worker thread that loads it first must be started with `env: SHARE_ENV` for this line to reach it.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
// TensorFlow leaves its oneDNN kernels off on processors without AVX-512, where they train a fifth faster all the same
// (npm run bench:train). It says on stderr that they are on, whatever the log level.
process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'
// TensorFlow leaves its oneDNN kernels off on processors without AVX-512; there too they train a fifth faster
// (npm run bench:train). It says on stderr that they are on, whatever the log level.
process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'

/**
 * tfjs on the TensorFlow backend, whichever copy is here. Importing this file loads the native library (about a
 * second) and throws KindredError TENSORFLOW_MISSING where there is none: only training code may import it.
 */
export const tf: typeof Tf = resolveTensorflow(candidates(process.env))

/** The types of tfjs under the name of its value, as with the package itself: `tf.Tensor2D`. */
// A namespace is the one declaration that may share a name with a constant.
// eslint-disable-next-line @typescript-eslint/no-namespace
export declare namespace tf {
  export type Tensor<R extends Tf.Rank = Tf.Rank> = Tf.Tensor<R>
  export type Scalar = Tf.Scalar
  export type Tensor1D = Tf.Tensor1D
  export type Tensor2D = Tf.Tensor2D
  export type Tensor3D = Tf.Tensor3D
  export type Tensor4D = Tf.Tensor4D
  export type Variable<R extends Tf.Rank = Tf.Rank> = Tf.Variable<R>
  export type NamedTensorMap = Tf.NamedTensorMap
}
