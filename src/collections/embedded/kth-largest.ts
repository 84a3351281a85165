/**
 * The `k`-th largest of the first `count` values, by a min-heap of the `k` largest so far.
 *
 * @returns -Infinity when there are fewer than `k`
 */
export function kthLargest(values: Float64Array, count: number, k: number): number {
  if (count < k) return -Infinity
  const heap = values.slice(0, k).sort()
  for (let i = k; i < count; i++) {
    const value = values[i] ?? -Infinity
    if (value > (heap[0] ?? Infinity)) replaceSmallest(heap, value)
  }
  return heap[0] ?? -Infinity
}

function replaceSmallest(heap: Float64Array, value: number): void {
  let parent = 0
  for (let child = 1; child < heap.length; child = 2 * parent + 1) {
    const right = heap[child + 1] ?? Infinity
    if (right < (heap[child] ?? Infinity)) child++
    const smaller = heap[child] ?? Infinity
    if (smaller >= value) break
    heap[parent] = smaller
    parent = child
  }
  heap[parent] = value
}
