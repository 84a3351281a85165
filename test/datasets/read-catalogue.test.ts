import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCatalogue, type CatalogueEntry } from '../../src/datasets/read-catalogue.js'
import { folderWith } from './temporary-folder.js'

async function all(location: string): Promise<CatalogueEntry[]> {
  const entries: CatalogueEntry[] = []
  for await (const entry of readCatalogue(location)) entries.push(entry)
  return entries
}

describe('a catalogue', () => {
  it('from a folder has the relative paths for ids', async () => {
    const folder = await folderWith({ 'b/2.jpg': '', 'a 1/ü.png': '', '0.gif': '', 'read.me': '' })
    const rows = (await all(folder)).map((entry) => (entry.kind === 'row' ? entry.row : undefined))
    expect(rows.map((row) => row?.id)).toEqual(['0.gif', 'a 1/ü.png', 'b/2.jpg'])
    expect(rows[1]).toEqual({
      row: 2,
      id: 'a 1/ü.png',
      image: path.join(folder, 'a 1/ü.png'),
      group: null,
      metadata: {},
    })
  })

  it('from a CSV has group and metadata, empty cells left out', async () => {
    const csv = 'id,image,group,price,colour\nm1,img/1.jpg,mug,9.50,red\nm2,img/2.jpg,,,"blue, dark"\n'
    const folder = await folderWith({ 'c.csv': csv })
    expect(await all(path.join(folder, 'c.csv'))).toEqual([
      {
        kind: 'row',
        row: {
          row: 2,
          id: 'm1',
          image: path.join(folder, 'img/1.jpg'),
          group: 'mug',
          metadata: { price: '9.50', colour: 'red' },
        },
      },
      {
        kind: 'row',
        row: {
          row: 3,
          id: 'm2',
          image: path.join(folder, 'img/2.jpg'),
          group: null,
          metadata: { colour: 'blue, dark' },
        },
      },
    ])
  })

  it('gives what is wrong with a row in its place and goes on', async () => {
    const csv = ['id,image', 'a,1', 'a,2', ',3', 'b,', 'c', '..,4', `${'é'.repeat(257)},5`, 'd,6'].join('\n')
    const folder = await folderWith({ 'c.csv': csv })
    const shown = (await all(path.join(folder, 'c.csv'))).map((entry) =>
      entry.kind === 'row'
        ? entry.row.id
        : [entry.error.row, entry.error.id?.slice(0, 2) ?? null, entry.error.reason],
    )
    expect(shown).toEqual([
      'a',
      [3, 'a', 'the id came before, in row 2'],
      [4, null, 'no value in column id'],
      [5, 'b', 'no value in column image'],
      [6, 'c', '1 cells where the header has 2'],
      [7, '..', expect.stringContaining('an id is')],
      [8, 'éé', expect.stringContaining('an id is')],
      'd',
    ])
  })

  it('is refused as a whole without its columns or its file', async () => {
    const folder = await folderWith({ 'c.csv': 'id,picture\na,b' })
    await expect(all(path.join(folder, 'c.csv'))).rejects.toThrow(/no column "image"/)
    await expect(all(path.join(folder, 'd.csv'))).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })

  it('is streamed: its first rows come before its end is read', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},${n}.jpg`)
    const folder = await folderWith({ 'c.csv': ['id,image', ...rows, 'x,"open'].join('\n') })
    let count = 0
    for await (const entry of readCatalogue(path.join(folder, 'c.csv'))) {
      if (entry.kind === 'row' && ++count === 10) break
    }
    expect(count).toBe(10)
    await expect(all(path.join(folder, 'c.csv'))).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })
})
