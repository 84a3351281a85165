/** The npm package whose JavaScript and binding sources are used; also in package.json, as an optional peer. */
export const TFJS_PACKAGE = '@tensorflow/tfjs-node-gpu'
export const TFJS_VERSION = '4.22.0'

/** Node-API's headers as a package, so that compiling needs neither node-gyp nor a download of Node's headers. */
export const NODE_API_HEADERS = 'node-api-headers@1.9.0'

/** The version of Node-API the binding is compiled for; every Node this program runs on speaks it. */
export const NAPI_VERSION = 8

/** The TensorFlow whose wheel libtensorflow is taken from. */
export const TENSORFLOW_VERSION = '2.21.0'

/** Any Python that this TensorFlow has a wheel for will do: only the native libraries in the wheel are used. */
export const WHEEL_PYTHON = '3.11'

/** Changes with what `patch-binding.ts` does, so that a binding built before is built anew. */
export const BINDING_PATCH = 'text-lists'
