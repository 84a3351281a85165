import { tf } from '../tensors/tensorflow.js'
import type { LossSizes } from './loss.js'
import { normal } from './normal.js'

/**
 * Proxies to start from, one a class, [C, D]: normal with standard deviation sqrt(2 / C), He's initialisation by
 * fan-out, as Proxy-Anchor was published. Losses use them at unit length, so their length only sets how fast they turn.
 */
export function initialProxies({ classes, dimensions, random }: LossSizes): tf.Variable {
  const deviation = Math.sqrt(2 / classes)
  const values = Float32Array.from({ length: classes * dimensions }, () => deviation * normal(random))
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [classes, dimensions])))
}
