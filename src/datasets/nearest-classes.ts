import { expected } from '../errors.js'

/**
 * The classes nearest to each, by the cosine of their means, the nearest first, ties in the order of classes.
 * classes^2 * dimensions multiplications: under a second for a thousand classes, half a minute for ten thousand.
 *
 * @param means one a class, all of one width
 * @returns for each class the indexes of the `count` nearest others, fewer where there are fewer
 * @throws KindredError INVALID_EMBEDDING for a mean without a direction
 */
export function nearestClasses(means: readonly Float32Array[], count: number): number[][] {
  const units = means.map((mean, index) => {
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0))
    if (length > 0 && length < Infinity) return mean.map((value) => value / length)
    throw expected('finite numbers, not all 0', `the mean of class ${index}`, mean, 'INVALID_EMBEDDING')
  })
  return units.map((unit, index) => {
    const near: { other: number; score: number }[] = []
    units.forEach((candidate, other) => {
      if (other === index) return
      const score = dot(unit, candidate)
      if (near.length === count && score <= (near.at(-1)?.score ?? -Infinity)) return
      const place = near.findIndex((one) => score > one.score)
      near.splice(place < 0 ? near.length : place, 0, { other, score })
      if (near.length > count) near.pop()
    })
    return near.map(({ other }) => other)
  })
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0)
  return sum
}
