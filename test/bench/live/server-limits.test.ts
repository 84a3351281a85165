import { describe, expect, it } from 'vitest'
import { serverLimits } from '../../../src/bench/live/server-limits.js'
import type { Client } from '../../../src/client/client.js'
import { KindredError } from '../../../src/errors.js'

const client = (getServer: Client['getServer']): Client => ({ getServer }) as unknown as Client
const answer = (scope: 'search' | 'admin' | null) =>
  client(() =>
    Promise.resolve({
      key: scope === null ? null : { scope, collections: null },
      fetchesUrls: false,
      limits: { imageBytes: 7, uploadBytes: 1, k: 50, examples: 1 },
      host: null,
    }),
  )

describe('the limits of a server', () => {
  it('are what it says of them', async () => {
    expect(await serverLimits(answer(null))).toEqual({ imageBytes: 7, k: 50, removes: true })
    expect(await serverLimits(answer('admin'))).toEqual({ imageBytes: 7, k: 50, removes: true })
    expect(await serverLimits(answer('search'))).toEqual({ imageBytes: 7, k: 50, removes: false })
  })

  it('are those of the defaults where it is too old to say, and a failure is a failure', async () => {
    const fails = (code: 'NOT_FOUND' | 'UNAUTHORIZED') =>
      client(() => Promise.reject(new KindredError(code, 'no')))
    expect(await serverLimits(fails('NOT_FOUND'))).toEqual({
      imageBytes: 20 * 2 ** 20,
      k: 1000,
      removes: true,
    })
    await expect(serverLimits(fails('UNAUTHORIZED'))).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
