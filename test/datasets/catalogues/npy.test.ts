import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openNpy } from '../../../src/datasets/npy-file.js'
import { npyHeader } from '../../../src/evaluation/npy-header.js'
import { folderWith } from '../folder-with.js'
import { inShort, readAll } from './read-all.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const npy = (rows: readonly (readonly number[])[]): Buffer =>
  Buffer.concat([
    npyHeader(rows.length, rows[0]?.length ?? 0),
    Buffer.from(Float32Array.from(rows.flat()).buffer),
  ])

const three = npy([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('a matrix of embeddings', () => {
  it('has the ids of a text file, one a row', async () => {
    const folder = await folderWith({ 'x.npy': three, 'ids.txt': 'a\nb b\nc\n' })
    const entries = await readAll(path.join(folder, 'x.npy'), { ids: path.join(folder, 'ids.txt') })
    expect(inShort(entries)).toEqual([
      ['a', [1, 2]],
      ['b b', [3, 4]],
      ['c', [5, 6]],
    ])
  })

  it('has ids, groups and metadata of a CSV, such as kindred embed writes', async () => {
    const folder = await folderWith({
      'x.npy': three,
      'x.csv': 'id,label,group\na,mug,g\nb,cup,\nc\n',
    })
    const entries = await readAll(path.join(folder, 'x.npy'), { ids: path.join(folder, 'x.csv') })
    expect(entries).toMatchObject([
      { row: { id: 'a', group: 'g', metadata: { kind: 'cells', cells: { label: 'mug' } } } },
      { row: { id: 'b', group: null } },
      { error: { row: 3, id: 'c', code: 'DATASET_INVALID' } },
    ])
  })

  it('is refused unless there are as many ids as rows, and without ids', async () => {
    const folder = await folderWith({ 'x.npy': three, 'ids.txt': 'a\nb\n', 'c.csv': 'id,image\n' })
    const ids = path.join(folder, 'ids.txt')
    await expect(readAll(path.join(folder, 'x.npy'), { ids })).rejects.toThrow(/names 2 rows where .* has 3/)
    await expect(readAll(path.join(folder, 'x.npy'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(readAll(path.join(folder, 'c.csv'), { ids })).rejects.toThrow(/Ids are for .npy/)
  })

  it('is read by pieces', async () => {
    const file = path.join(temporaryFolder(), 'x.npy')
    writeFileSync(file, three)
    const matrix = await openNpy(file)
    expect([matrix.rows, matrix.columns]).toEqual([3, 2])
    expect([...(await matrix.read(1, 2))]).toEqual([3, 4, 5, 6])
    await matrix.close()
    writeFileSync(file, three.subarray(0, three.length - 1))
    await expect(openNpy(file)).rejects.toThrow(/is cut off/)
    writeFileSync(file, 'no matrix at all')
    await expect(openNpy(file)).rejects.toThrow(/is not a NumPy file/)
  })
})
