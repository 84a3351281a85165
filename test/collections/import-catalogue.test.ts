import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  importCatalogue,
  type CataloguePicture,
  type ImportOutcome,
} from '../../src/collections/import-catalogue.js'
import type { CatalogueEntry, CatalogueRowError } from '../../src/datasets/read-catalogue.js'
import { KindredError } from '../../src/errors.js'

const folder = mkdtempSync(path.join(tmpdir(), 'kindred-import-'))

function* catalogue(count: number): Generator<CatalogueEntry> {
  for (let row = 1; row <= count; row++) {
    const image = path.join(folder, `${row}.bin`)
    writeFileSync(image, String(row))
    yield { kind: 'row', row: { row, id: `item-${row}`, image, group: null, metadata: {} } }
  }
}

async function* stream(entries: Iterable<CatalogueEntry>): AsyncGenerator<CatalogueEntry> {
  for (const entry of entries) yield await Promise.resolve(entry)
}

/** Records what it was given and answers with `decide`. */
function recorder(decide: (picture: CataloguePicture) => ImportOutcome = () => 'embedded') {
  const chunks: CataloguePicture[][] = []
  let underWay = 0
  let most = 0
  return {
    chunks,
    mostUnderWay: () => most,
    underWay: () => underWay,
    async importChunk(pictures: readonly CataloguePicture[]): Promise<ImportOutcome[]> {
      most = Math.max(most, ++underWay)
      chunks.push([...pictures])
      await new Promise((resolve) => setTimeout(resolve, 5))
      underWay--
      return pictures.map(decide)
    },
  }
}

describe('importCatalogue', () => {
  it('hands every picture over once, in chunks of bounded size, two under way at most', async () => {
    const target = recorder()
    const counts = await importCatalogue(stream(catalogue(100)), target, { maxBytes: 100, fields: {} })
    expect(counts).toEqual({ total: 100, embedded: 100, unchanged: 0, failed: 0 })
    expect(target.chunks.flat().map(({ row }) => row.id)).toHaveLength(100)
    expect(new Set(target.chunks.flat().map(({ row }) => row.id)).size).toBe(100)
    expect(Math.max(...target.chunks.map((chunk) => chunk.length))).toBe(32)
    expect(target.mostUnderWay()).toBe(2)
  })

  it('reports each bad row with its number, id and code, and imports the rest', async () => {
    const errors: CatalogueRowError[] = []
    const entries = [...catalogue(4)]
    entries.push({ kind: 'error', error: { row: 5, id: null, code: 'DATASET_INVALID', reason: 'no id' } })
    entries.push({
      kind: 'row',
      row: { row: 6, id: 'gone', image: path.join(folder, 'gone'), group: null, metadata: {} },
    })
    writeFileSync(path.join(folder, 'big'), 'x'.repeat(101))
    entries.push({
      kind: 'row',
      row: { row: 7, id: 'big', image: path.join(folder, 'big'), group: null, metadata: {} },
    })
    const target = recorder(({ row }) =>
      row.id === 'item-2'
        ? new KindredError('IMAGE_CORRUPT', 'torn')
        : row.id === 'item-3'
          ? 'unchanged'
          : 'embedded',
    )
    const counts = await importCatalogue(stream(entries), target, {
      maxBytes: 100,
      fields: {},
      onError: (error) => errors.push(error),
    })
    expect(counts).toEqual({ total: 7, embedded: 2, unchanged: 1, failed: 4 })
    expect(errors.map(({ row, id, code }) => [row, id, code]).sort()).toEqual([
      [2, 'item-2', 'IMAGE_CORRUPT'],
      [5, null, 'DATASET_INVALID'],
      [6, 'gone', 'IMAGE_UNREADABLE'],
      [7, 'big', 'IMAGE_TOO_LARGE'],
    ])
  })

  it('stops at an abort and finishes what was under way', async () => {
    const abort = new AbortController()
    const target = recorder()
    const counts = await importCatalogue(stream(catalogue(320)), target, {
      maxBytes: 100,
      fields: {},
      signal: abort.signal,
      onProgress: () => {
        abort.abort()
      },
    })
    expect(counts.embedded).toBe(target.chunks.flat().length)
    expect(counts.embedded).toBeLessThan(320)
    expect(counts.failed).toBe(0)
  })

  it('gives cells the declared types, and reports a misfit as that row', async () => {
    const errors: CatalogueRowError[] = []
    const entries = [...catalogue(2)].map((entry, index): CatalogueEntry =>
      entry.kind === 'row'
        ? { ...entry, row: { ...entry.row, metadata: { price: index === 0 ? '3' : 'x' } } }
        : entry,
    )
    const target = recorder()
    await importCatalogue(stream(entries), target, {
      maxBytes: 100,
      fields: { price: 'number' },
      onError: (error) => errors.push(error),
    })
    expect(target.chunks.flat().map(({ metadata }) => metadata)).toEqual([{ price: 3 }])
    expect(errors).toMatchObject([{ row: 2, code: 'INVALID_METADATA' }])
  })

  it('waits for what is under way when the catalogue itself breaks off', async () => {
    const target = recorder()
    async function* breaking(): AsyncGenerator<CatalogueEntry> {
      yield* stream(catalogue(32))
      throw new KindredError('DATASET_INVALID', 'torn')
    }
    await expect(importCatalogue(breaking(), target, { maxBytes: 100, fields: {} })).rejects.toThrow('torn')
    expect(target.underWay()).toBe(0)
    expect(target.chunks.flat()).toHaveLength(32)
  })

  it('ends with the error of a target that fails as a whole', async () => {
    const target = {
      importChunk: () => Promise.reject(new KindredError('STORE_CLOSED', 'closed')),
    }
    await expect(
      importCatalogue(stream(catalogue(100)), target, { maxBytes: 100, fields: {} }),
    ).rejects.toMatchObject({
      code: 'STORE_CLOSED',
    })
  })
})
