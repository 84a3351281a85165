import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { measureNmi } from '../../../src/bench/live/retrieval/measure-nmi.js'
import type { BenchQuery } from '../../../src/bench/live/retrieval/query.js'
import type { Client } from '../../../src/client/client.js'
import { KindredError, type ErrorCode } from '../../../src/errors.js'
import { defaultImageLimits as limits } from '../../../src/images/limits.js'
import { writeColouredSet } from '../../evaluation/coloured-set.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const root = temporaryFolder()
const fileOf = (id: string): string => path.join(root, id)
const ids = ['blue/0.jpg', 'blue/1.jpg', 'red/0.jpg', 'red/1.jpg']
const queries = ids.map((id): BenchQuery => {
  return { id, asks: { picture: { path: fileOf(id) } }, label: path.dirname(id), relevant: null }
})
const options = { seed: 0, concurrency: 2, limits, imageBytes: limits.maxBytes }

beforeAll(() => writeColouredSet(root, { classes: ['blue', 'red'], each: 2 }))

/** Embeds each class as a corner of its own, and refuses some of the pictures. */
function serverThatRefuses(refused: readonly string[], code: ErrorCode): Client {
  const idOf = (bytes: Buffer): string => ids.find((id) => readFileSync(fileOf(id)).equals(bytes)) ?? ''
  return {
    embed: async ({ body }: { body: { image: [Blob] } }) => {
      const id = idOf(Buffer.from(await body.image[0].arrayBuffer()))
      if (refused.includes(id)) throw new KindredError(code, 'not this one')
      return { embeddings: [id.startsWith('red') ? [1, 0] : [0, 1]] }
    },
  } as unknown as Client
}

describe('NMI on what a server embeds', () => {
  it.each(['IMAGE_TOO_LARGE', 'PAYLOAD_TOO_LARGE'] as const)(
    'is without a picture refused as %s, and names it',
    async (code) => {
      const found = await measureNmi(serverThatRefuses(['red/1.jpg'], code), 'm', queries, options)
      expect(found.nmi?.mean).toBeCloseTo(1, 12)
      expect(found.failures).toEqual([
        { path: 'red/1.jpg', code, reason: 'left out of NMI alone: not this one' },
      ])
    },
  )

  it('is without a box that is too large for the server once it is cut out', async () => {
    const [first, ...others] = queries
    const picture = { path: fileOf('blue/0.jpg'), box: { x0: 0, y0: 0, x1: 0.5, y1: 0.5 } }
    const boxed = [{ ...first, id: 'boxed', asks: { picture } } as BenchQuery, ...others]
    const found = await measureNmi(serverThatRefuses([], 'INTERNAL'), 'm', boxed, {
      ...options,
      imageBytes: 50,
    })
    expect(found.nmi).not.toBeNull()
    expect(found.failures).toMatchObject([{ path: 'boxed', code: 'IMAGE_TOO_LARGE' }])
    expect(found.failures[0]?.reason).toMatch(/^left out of NMI alone: Its box, .* more than 50 bytes$/)
  })

  it('is none where every picture is refused', async () => {
    const found = await measureNmi(serverThatRefuses(ids, 'IMAGE_CORRUPT'), 'm', queries, options)
    expect(found.nmi).toBeNull()
    expect(found.failures.map((failure) => failure.path)).toEqual(ids)
  })

  it('fails where the server refuses for another reason than the picture', async () => {
    const failing = measureNmi(serverThatRefuses(['red/1.jpg'], 'FORBIDDEN'), 'm', queries, options)
    await expect(failing).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
