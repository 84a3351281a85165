import { readFileSync } from 'node:fs'
import { tf } from '../tensors/tensorflow.js'

/** What ran: kindred, Node, tfjs and the platform, for the log and the bundle. */
export function versions(): Record<string, string> {
  const own: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const kindred =
    typeof own === 'object' && own !== null && 'version' in own ? String(own.version) : 'unknown'
  return {
    kindred,
    node: process.versions.node,
    tfjs: tf.version_core,
    platform: `${process.platform}-${process.arch}`,
  }
}
