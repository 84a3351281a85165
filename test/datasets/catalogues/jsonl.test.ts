import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../folder-with.js'
import { inShort, readAll } from './read-all.js'

const lines = (...rows: unknown[]): string =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')

describe('a JSONL catalogue', () => {
  it('keeps the types of its values, and takes pictures and embeddings', async () => {
    const text = lines(
      { id: 'a', image: 'a.jpg', group: 'g', price: 9.5, sold: false, sizes: ['s', 'm'], note: null },
      '',
      { id: 'b', embedding: [1, 0.5], image: null },
    )
    const folder = await folderWith({ 'c.jsonl': `\ufeff${text}\r\n` })
    const entries = await readAll(path.join(folder, 'c.jsonl'))
    expect(entries).toMatchObject([
      {
        row: {
          row: 1,
          id: 'a',
          group: 'g',
          content: { kind: 'file', file: path.join(folder, 'a.jpg') },
          metadata: {
            kind: 'values',
            values: { price: 9.5, sold: false, sizes: ['s', 'm'], note: null },
          },
        },
      },
      { row: { row: 3, id: 'b', group: null } },
    ])
    expect(inShort(entries)[1]).toEqual(['b', [1, 0.5]])
  })

  it('gives what is wrong with a line in its place and goes on', async () => {
    const folder = await folderWith({
      'c.jsonl': Buffer.concat([
        Buffer.from(
          lines(
            '{"id":',
            '[1]',
            { image: 'a.jpg' },
            { id: 7, image: 'a.jpg' },
            { id: 'a' },
            { id: 'b', image: 'b.jpg', embedding: [1] },
            { id: 'c', embedding: [1, 'x'] },
            { id: 'd', image: 5 },
            { id: 'e', image: 'e.jpg', group: {} },
            { id: 'long', image: 'x'.repeat(3000) },
            '',
          ),
        ),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.from(lines({ id: 'last', image: 'l.jpg' })),
      ]),
    })
    const entries = await readAll(path.join(folder, 'c.jsonl'), { limits: { maxRowBytes: 2000 } })
    expect(inShort(entries)).toEqual([
      [1, null, 'DATASET_INVALID'],
      [2, null, 'DATASET_INVALID'],
      [3, null, 'DATASET_INVALID'],
      [4, null, 'DATASET_INVALID'],
      [5, 'a', 'DATASET_INVALID'],
      [6, 'b', 'DATASET_INVALID'],
      [7, 'c', 'INVALID_EMBEDDING'],
      [8, 'd', 'DATASET_INVALID'],
      [9, 'e', 'DATASET_INVALID'],
      [10, null, 'DATASET_INVALID'],
      [11, null, 'DATASET_INVALID'],
      ['last', path.join(folder, 'l.jpg')],
    ])
  })

  it('takes lines that are longer than a piece of the file', async () => {
    const ids = Array.from({ length: 5 }, (_, n) => `${n}`.repeat(100_000))
    const folder = await folderWith({ 'c.jsonl': lines(...ids.map((id) => ({ id, image: 'x' }))) })
    const entries = await readAll(path.join(folder, 'c.jsonl'))
    expect(entries.map((entry) => (entry.kind === 'row' ? entry.row.id : entry))).toEqual(ids)
  })
})
