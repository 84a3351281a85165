/**
 * log(start + sum of exp(terms)) and the share of each term in the sum, which is its gradient. `start` is 1 or 0; with
 * 0 and no term the value is -Infinity.
 */
export function logSumExp(
  terms: readonly number[],
  { start }: { start: 0 | 1 },
): { value: number; shares: number[] } {
  const largest = Math.max(start === 1 ? 0 : -Infinity, ...terms)
  const exponentials = terms.map((term) => Math.exp(term - largest))
  const sum = exponentials.reduce((total, term) => total + term, start === 1 ? Math.exp(-largest) : 0)
  return { value: largest + Math.log(sum), shares: exponentials.map((term) => term / sum) }
}
