import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'
import { folderWith } from '../folder-with.js'
import { inShort, readAll, roomy } from './read-all.js'

describe('a catalogue', () => {
  it('from a folder has the relative paths for ids', async () => {
    const folder = await folderWith({ 'b/2.jpg': '', 'a 1/ü.png': '', '0.gif': '', 'read.me': '' })
    const entries = await readAll(folder)
    expect(inShort(entries).map((row) => (row as unknown[])[0])).toEqual(['0.gif', 'a 1/ü.png', 'b/2.jpg'])
    const file = path.join(folder, 'a 1/ü.png')
    expect(entries[1]).toEqual({
      kind: 'row',
      row: {
        row: 2,
        id: 'a 1/ü.png',
        content: { kind: 'file', file, name: file },
        group: null,
        metadata: { kind: 'cells', cells: {} },
      },
    })
  })

  it('from a CSV has group and metadata, empty cells left out', async () => {
    const csv = 'id,image,group,price,colour\nm1,img/1.jpg,mug,9.50,red\nm2,img/2.jpg,,,"blue, dark"\n'
    const folder = await folderWith({ 'c.csv': csv })
    expect(await readAll(path.join(folder, 'c.csv'))).toMatchObject([
      {
        kind: 'row',
        row: {
          row: 2,
          id: 'm1',
          content: { kind: 'file', file: path.join(folder, 'img/1.jpg') },
          group: 'mug',
          metadata: { kind: 'cells', cells: { price: '9.50', colour: 'red' } },
        },
      },
      { row: { row: 3, id: 'm2', group: null, metadata: { cells: { colour: 'blue, dark' } } } },
    ])
  })

  it('gives what is wrong with a row in its place and goes on', async () => {
    const csv = ['id,image', 'a,1', ',3', 'b,', 'c', 'd,6', 'e,data:image/png;base64,AA=='].join('\n')
    const folder = await folderWith({ 'c.csv': csv })
    const shown = (await readAll(path.join(folder, 'c.csv'))).map((entry) =>
      entry.kind === 'row' ? entry.row.id : [entry.error.row, entry.error.id, entry.error.reason],
    )
    expect(shown).toEqual([
      'a',
      [3, null, 'no value in column id'],
      [4, 'b', 'no value in column image'],
      [5, 'c', '1 cells where the header has 2'],
      'd',
      [7, 'e', expect.stringMatching(/^3 cells where the header has 2; .* in quotes$/)],
    ])
  })

  it('is refused as a whole without its columns or its file, and for a kind that is none', async () => {
    const folder = await folderWith({ 'c.csv': 'id,picture\na,b', 'c.xlsx': '' })
    await expect(readAll(path.join(folder, 'c.csv'))).rejects.toThrow(/no column "image"/)
    const labelled = await folderWith({ 'c.csv': 'id,path\na,b' })
    await expect(readAll(path.join(labelled, 'c.csv'))).rejects.toMatchObject({
      hint: expect.stringContaining('rename path to image') as string,
    })
    await expect(readAll(path.join(folder, 'd.csv'))).rejects.toMatchObject({ code: 'DATASET_INVALID' })
    await expect(readAll(path.join(folder, 'c.xlsx'))).rejects.toThrow(/\.jsonl/)
  })

  it('is refused where it is not UTF-8, before other text is made of it', async () => {
    for (const bytes of [
      Buffer.from('id,image\n\u00e4,a.jpg\n', 'latin1'),
      Buffer.from([0x69, 0x64, 0xc3]),
    ]) {
      const folder = await folderWith({ 'c.csv': bytes })
      await expect(readAll(path.join(folder, 'c.csv'))).rejects.toThrow(/not UTF-8/)
    }
  })

  it('is streamed: its first rows come before its end is read', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},${n}.jpg`)
    const folder = await folderWith({ 'c.csv': ['id,image', ...rows, 'x,"open'].join('\n') })
    const file = path.join(folder, 'c.csv')
    const catalogue = await openCatalogue(file, { limits: roomy, under: folder })
    let count = 0
    for await (const entry of catalogue.entries()) if (entry.kind === 'row' && ++count === 10) break
    expect(count).toBe(10)
    expect(catalogue.share()).toBeGreaterThan(0)
    expect(catalogue.share()).toBeLessThan(1)
    await expect(readAll(file)).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })

  it('takes no row that is longer than is allowed', async () => {
    const folder = await folderWith({ 'c.csv': `id,image\na,"${'x'.repeat(5000)}` })
    const limits = { maxRowBytes: 1024 }
    await expect(readAll(path.join(folder, 'c.csv'), { limits })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })
  })

  it('takes pictures that stand in the row, and names those that are to be fetched', async () => {
    const csv = [
      'id,image',
      'a,"data:image/png;base64,AAEC"',
      'b,"data:,%00%ffx"',
      'c,"data:image/png;base64,AA*C"',
      'd,https://example.org/a.jpg',
      'e,ftp://example.org/a.jpg',
      'f,data:none',
    ].join('\n')
    const folder = await folderWith({ 'c.csv': csv })
    const entries = await readAll(path.join(folder, 'c.csv'))
    const bytes = entries
      .slice(0, 2)
      .map((entry) =>
        entry.kind === 'row' && entry.row.content.kind === 'bytes' ? [...entry.row.content.bytes] : entry,
      )
    expect(bytes).toEqual([
      [0, 1, 2],
      [0, 255, 120],
    ])
    expect(entries[3]).toMatchObject({
      row: { id: 'd', content: { kind: 'url', url: 'https://example.org/a.jpg' } },
    })
    expect(inShort(entries.filter(({ kind }) => kind === 'error'))).toEqual([
      [4, 'c', 'DATASET_INVALID'],
      [6, 'e', 'DATASET_INVALID'],
      [7, 'f', 'DATASET_INVALID'],
    ])
  })
})
