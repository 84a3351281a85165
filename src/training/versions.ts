import { tf } from '../tensors/tensorflow.js'
import { version } from '../version.js'

/** What ran: kindred, Node, tfjs and the platform, for the log and the bundle. */
export function versions(): Record<string, string> {
  return {
    kindred: version,
    node: process.versions.node,
    tfjs: tf.version_core,
    platform: `${process.platform}-${process.arch}`,
  }
}
