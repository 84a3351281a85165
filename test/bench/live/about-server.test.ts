import { describe, expect, it } from 'vitest'
import { aboutServer } from '../../../src/bench/live/about-server.js'
import type { Client } from '../../../src/client/client.js'
import { KindredError } from '../../../src/errors.js'

const client = (getServer: Client['getServer']): Client => ({ getServer }) as unknown as Client
const machine = {
  kindred: '1',
  node: '20',
  onnxruntime: '1',
  platform: 'x',
  processor: 'y',
  cores: 2,
  memoryBytes: 9,
}
const answer = (scope: 'search' | 'admin' | null, host: typeof machine | null = null) =>
  client(() =>
    Promise.resolve({
      key: scope === null ? null : { scope, collections: null },
      fetchesUrls: false,
      limits: { imageBytes: 7, uploadBytes: 1, k: 50, examples: 1 },
      host,
    }),
  )

describe('what is known of a server', () => {
  it('is what it says of itself', async () => {
    expect(await aboutServer(answer(null))).toEqual({ imageBytes: 7, k: 50, removes: true, host: null })
    expect(await aboutServer(answer(null, machine))).toMatchObject({ host: machine })
    expect(await aboutServer(answer('admin'))).toEqual({ imageBytes: 7, k: 50, removes: true, host: null })
    expect(await aboutServer(answer('search'))).toEqual({ imageBytes: 7, k: 50, removes: false, host: null })
  })

  it('is what it is by default where it is too old to say, and a failure is a failure', async () => {
    const fails = (code: 'NOT_FOUND' | 'UNAUTHORIZED') =>
      client(() => Promise.reject(new KindredError(code, 'no')))
    expect(await aboutServer(fails('NOT_FOUND'))).toEqual({
      imageBytes: 20 * 2 ** 20,
      k: 1000,
      removes: true,
      host: null,
    })
    await expect(aboutServer(fails('UNAUTHORIZED'))).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
