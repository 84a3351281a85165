/**
 * Works on everything, so many at a time; the first failure stops what has not begun and is thrown.
 *
 * @returns results in the order of `inputs`
 * @throws the signal's reason when aborted
 */
export async function sideBySide<T, R>(
  inputs: readonly T[],
  atOnce: number,
  work: (input: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results = new Array<R>(inputs.length)
  let next = 0
  let failed = false
  const client = async (): Promise<void> => {
    while (next < inputs.length && !failed) {
      signal?.throwIfAborted()
      const index = next++
      try {
        results[index] = await work(inputs[index] as T, index)
      } catch (thrown) {
        failed = true
        throw thrown
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, client))
  return results
}
