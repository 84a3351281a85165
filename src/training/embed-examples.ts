import { setImmediate as nextTurn } from 'node:timers/promises'
import { sizeOf } from '../networks/tensor-map.js'
import { readValues } from '../tensors/read-values.js'
import { tf } from '../tensors/tensorflow.js'
import type { Examples } from './examples.js'
import type { Student } from './student.js'

/** Examples of one forward pass: enough to fill the cores, little memory. */
const batchSize = 32

export interface EmbedOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Embeds the examples as the student stands, unit length.
 *
 * @returns one row of `student.dimensions` values an example, in order
 * @throws the signal's reason when aborted, between two batches
 */
export async function embedExamples(
  student: Student,
  examples: Pick<Examples, 'images' | 'plain'>,
  { onProgress, signal }: EmbedOptions = {},
): Promise<Float32Array[]> {
  const { exampleShape, dimensions } = student
  const values = sizeOf(exampleShape)
  const total = examples.images.length
  const rows: Float32Array[] = []
  while (rows.length < total) {
    const first = rows.length
    const indexes = Array.from({ length: Math.min(batchSize, total - first) }, (_, i) => first + i)
    // Cached pictures never leave this turn of the event loop, and Ctrl-C and progress bars need one.
    await nextTurn()
    signal?.throwIfAborted()
    const batch = await Promise.all(indexes.map((index) => examples.plain(index)))
    const inputs = new Float32Array(batch.length * values)
    batch.forEach((write, i) => {
      write(inputs, i * values)
    })
    const embeddings = readValues(() => student.embed(tf.tensor(inputs, [batch.length, ...exampleShape])))
    for (let i = 0; i < batch.length; i++) rows.push(embeddings.slice(i * dimensions, (i + 1) * dimensions))
    onProgress?.(rows.length, total)
  }
  return rows
}
