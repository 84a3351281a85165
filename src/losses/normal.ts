/** One draw of the standard normal distribution (Box and Muller) from uniform ones. */
export function normal(random: () => number): number {
  // 1 - [0, 1) is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** `count` such draws, two from each pair of uniform ones. */
export function normals(count: number, random: () => number): Float32Array {
  const values = new Float32Array(count)
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    values[i] = radius * Math.cos(angle)
    // Past the end of an odd count nothing is written.
    values[i + 1] = radius * Math.sin(angle)
  }
  return values
}
