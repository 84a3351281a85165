import { once } from 'node:events'
import { expect, it } from 'vitest'
import { tf } from '../../src/tensors/tensorflow.js'
import { startWorker } from '../../src/worker-thread.js'

it('loads tfjs on the native backend and differentiates with it', () => {
  expect(tf.getBackend()).toBe('tensorflow')
  const gradient = tf.tidy(() => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ])
    return tf
      .grad((v) => tf.sum(tf.matMul(v, v)))(x)
      .arraySync()
  })
  expect(gradient).toEqual([
    [7, 11],
    [9, 13],
  ])
})

it('loads in worker threads, beside this one', async () => {
  const workers = [1, 2].map((n) => startWorker(import.meta.url, './multiply.worker', { workerData: n }))
  const messages = await Promise.all(
    workers.map(async (worker) => {
      const [message] = (await once(worker, 'message')) as unknown[]
      await worker.terminate()
      return message
    }),
  )
  expect(messages).toEqual([7, 14])
})
