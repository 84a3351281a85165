/** One draw of the standard normal distribution (Box and Muller) from uniform ones. */
export function normal(random: () => number): number {
  // 1 - [0, 1) is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
