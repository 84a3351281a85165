import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeSearchCursor,
  encodeSearchCursor,
  longestSearchCursor,
} from '../../src/collections/search-cursor.js'

const embedding = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i + 1) / 8)
const scope = { search: 'shoes, red ones', embedding }
const position = { generation: '5 2024-01-01T00:00:00.000Z', answered: [7, 3, 4_000_000_000] }
const invalid: Error = expect.objectContaining({ code: 'INVALID_CURSOR' }) as Error
const made = (value: unknown): string => deflateRawSync(JSON.stringify(value)).toString('base64url')

describe('the cursor of a search', () => {
  it('brings back what was answered, of its own search', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 })), (answered) => {
        const { generation } = position
        const back = decodeSearchCursor(scope, encodeSearchCursor(scope, { generation, answered }))
        expect(back).toEqual({ generation, answered: [...answered].sort((a, b) => a - b) })
      }),
      { seed: 1 },
    )
  })

  it('knows its query again when the picture was embedded once more', () => {
    const cursor = encodeSearchCursor(scope, position)
    const again = embedding.map((value) => value * (1 + 1e-6))
    expect(decodeSearchCursor({ ...scope, embedding: again }, cursor).answered).toHaveLength(3)
  })

  it('stays short when everything was answered, and when some of a million were', () => {
    const all = Array.from({ length: 99_999 }, (_, i) => i + 1)
    expect(encodeSearchCursor(scope, { ...position, answered: all }).length).toBeLessThan(2000)
    const spread = all.map((i) => i * 10 + (Math.imul(i, 2654435761) >>> 29))
    expect(encodeSearchCursor(scope, { ...position, answered: spread }).length).toBeLessThan(
      longestSearchCursor,
    )
  })

  const good = encodeSearchCursor(scope, position)
  it.each([
    ['of another filter', encodeSearchCursor({ ...scope, search: 'shoes, blue ones' }, position)],
    [
      'of another picture',
      encodeSearchCursor({ ...scope, embedding: embedding.map((v, i) => (i % 5 ? v : -v)) }, position),
    ],
    ['of other dimensions', encodeSearchCursor({ ...scope, embedding: embedding.slice(8) }, position)],
    ['empty', ''],
    ['cut short', good.slice(0, -9)],
    ['not base64url', 'a+b='],
    ['a bomb', deflateRawSync(Buffer.alloc(1 << 26)).toString('base64url')],
    ['too long', 'a'.repeat(longestSearchCursor + 1)],
    ['not an array', made({})],
    [
      'of more items than a search may answer',
      encodeSearchCursor(scope, { ...position, answered: Array.from({ length: 100_001 }, (_, i) => i) }),
    ],
    ['of another version', made([2, '', [], '', []])],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => decodeSearchCursor(scope, cursor)).toThrow(invalid)
  })
})
