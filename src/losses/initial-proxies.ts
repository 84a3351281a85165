import { tf } from '../tensors/tensorflow.js'
import type { LossSizes } from './loss.js'

/**
 * Proxies to start from, one a class, [C, D]: normal with standard deviation sqrt(2 / C), He's initialisation by
 * fan-out, as Proxy-Anchor was published. Losses use them at unit length, so their length only sets how fast they turn.
 */
export function initialProxies({ classes, dimensions, random }: LossSizes): tf.Variable {
  const deviation = Math.sqrt(2 / classes)
  const values = Float32Array.from({ length: classes * dimensions }, () => deviation * normal(random))
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [classes, dimensions])))
}

/** One draw of the standard normal distribution (Box and Muller). */
function normal(random: () => number): number {
  // 1 - [0, 1) is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
