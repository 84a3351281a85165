import { describe, expect, it } from 'vitest'
import { withGallery } from '../../../src/bench/live/dataset/with-gallery.js'
import type { Client } from '../../../src/client/client.js'
import { KindredError } from '../../../src/errors.js'
import { defaultImageLimits as limits } from '../../../src/images/limits.js'

const about = { imageBytes: 1, k: 10, removes: true, host: null }
const options = { about, name: 'set', model: null, keep: false, root: '/', concurrency: 1, limits }

/** A server that makes collections and does not remove them. */
const gone = new KindredError('SERVER_UNREACHABLE', 'gone by then')
const client = {
  putCollection: () => Promise.resolve({}),
  deleteCollection: () => Promise.reject(gone),
} as unknown as Client

describe('a collection of its own that cannot be removed', () => {
  it('costs nothing that was measured, and is told of', async () => {
    const left: unknown[] = []
    const onLeft = (...told: unknown[]): void => void left.push(told)
    const measured = withGallery(client, [], { ...options, onLeft }, (name) => Promise.resolve(name))
    const name = await measured
    expect(name).toMatch(/^bench-set-\w{8}$/)
    expect(left).toEqual([[name, gone]])
  })

  it('does not hide why measuring failed', async () => {
    const failing = withGallery(client, [], options, () => Promise.reject(new Error('of its own')))
    await expect(failing).rejects.toThrow('of its own')
  })
})
