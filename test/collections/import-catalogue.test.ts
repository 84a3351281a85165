import { afterEach, describe, expect, it } from 'vitest'
import {
  importCatalogue,
  SourceChanged,
  type ImportOptions,
  type ImportOutcome,
  type ImportRow,
} from '../../src/collections/import-catalogue.js'
import type { ImportProgress } from '../../src/collections/imports/import-progress.js'
import { SeenIds } from '../../src/collections/imports/seen-ids.js'
import {
  noMetadata,
  rowError,
  type CatalogueEntry,
  type CatalogueRow,
} from '../../src/datasets/catalogues/catalogue-row.js'
import { KindredError } from '../../src/errors.js'

const picture = (row: number, rest: Partial<CatalogueRow> = {}): CatalogueEntry => ({
  kind: 'row',
  row: {
    row,
    id: `item-${row}`,
    content: { kind: 'file', file: `${row}.jpg`, name: `${row}.jpg` },
    group: null,
    metadata: noMetadata,
    ...rest,
  },
})
const embedding = (row: number): CatalogueEntry =>
  picture(row, { content: { kind: 'embedding', values: Float32Array.of(row, 1) } })
const pictures = (count: number): CatalogueEntry[] =>
  Array.from({ length: count }, (_, at) => picture(at + 1))

const catalogue = (entries: readonly CatalogueEntry[], end?: Error) => ({
  async *entries() {
    for (const entry of entries) yield await Promise.resolve(entry)
    if (end !== undefined) throw end
  },
})

const opened: SeenIds[] = []
afterEach(() => {
  for (const seen of opened.splice(0)) seen.close()
})
const options = (rest: Partial<ImportOptions> = {}): ImportOptions => {
  const seen = new SeenIds()
  opened.push(seen)
  return { fields: {}, seen, ...rest }
}

/** Records what it was given and answers with `decide`, some milliseconds later. */
function recorder(decide: (row: ImportRow) => ImportOutcome = () => 'embedded', delay = () => 5) {
  const chunks: ImportRow[][] = []
  let underWay = 0
  let most = 0
  return {
    chunks,
    ids: () => chunks.flat().map(({ row }) => row.id),
    mostUnderWay: () => most,
    underWay: () => underWay,
    async importChunk(rows: readonly ImportRow[]): Promise<ImportOutcome[]> {
      most = Math.max(most, ++underWay)
      chunks.push([...rows])
      await new Promise((resolve) => setTimeout(resolve, delay()))
      underWay--
      return rows.map(decide)
    },
  }
}

describe('importCatalogue', () => {
  it('hands every row over once, in chunks of bounded size, few under way', async () => {
    const target = recorder()
    const { counts, complete } = await importCatalogue(catalogue(pictures(300)), target, options())
    expect(counts).toEqual({ total: 300, embedded: 300, unchanged: 0, failed: 0 })
    expect(complete).toBe(true)
    expect(target.ids()).toHaveLength(300)
    expect(new Set(target.ids()).size).toBe(300)
    expect(Math.max(...target.chunks.map((chunk) => chunk.length))).toBe(32)
    expect(target.mostUnderWay()).toBe(3)
  })

  it('hands embeddings over in larger chunks', async () => {
    const target = recorder()
    const rows = Array.from({ length: 1100 }, (_, at) => embedding(at + 1))
    await importCatalogue(catalogue(rows), target, options())
    expect(target.chunks.map((chunk) => chunk.length)).toEqual([512, 512, 76])
  })

  it('reports each bad row with its number, id and code, and imports the rest', async () => {
    const entries = [
      ...pictures(4),
      rowError(5, '', 'no id'),
      picture(6, { id: 'item-1' }),
      picture(7, { id: '..' }),
      picture(8, { metadata: { kind: 'values', values: { deep: {} } } }),
      picture(9, { metadata: { kind: 'cells', cells: { price: 'x' } } }),
      picture(10, { metadata: { kind: 'cells', cells: { price: '3' } } }),
    ]
    const target = recorder(({ row }) =>
      row.id === 'item-2'
        ? new KindredError('IMAGE_CORRUPT', 'torn')
        : row.id === 'item-3'
          ? 'unchanged'
          : 'embedded',
    )
    const progress: ImportProgress[] = []
    const { counts } = await importCatalogue(
      catalogue(entries),
      target,
      options({ fields: { price: 'number' }, onProgress: (one) => progress.push(one) }),
    )
    expect(counts).toEqual({ total: 10, embedded: 3, unchanged: 1, failed: 6 })
    const errors = progress.flatMap((one) => one.errors)
    expect(errors.map(({ row, id, code }) => [row, id, code])).toEqual([
      [2, 'item-2', 'IMAGE_CORRUPT'],
      [5, null, 'DATASET_INVALID'],
      [6, 'item-1', 'DATASET_INVALID'],
      [7, '..', 'DATASET_INVALID'],
      [8, 'item-8', 'INVALID_METADATA'],
      [9, 'item-9', 'INVALID_METADATA'],
    ])
    expect(errors[2]?.reason).toBe('the id came before, in row 1')
    expect(target.chunks.flat().at(-1)?.metadata).toEqual({ price: 3 })
  })

  it('takes a row whose id an unreadable row had, which is no second one', async () => {
    const target = recorder()
    await importCatalogue(catalogue([rowError(1, 'item-2', 'torn'), picture(2)]), target, options())
    expect(target.ids()).toEqual(['item-2'])
  })

  it('tells only of what has nothing unsettled before it, in whatever order chunks end', async () => {
    const delays = [40, 1, 20, 1, 1, 30, 1]
    const target = recorder(undefined, () => delays.shift() ?? 1)
    const progress: ImportProgress[] = []
    await importCatalogue(
      catalogue(pictures(200)),
      target,
      options({ onProgress: (one) => progress.push(one) }),
    )
    expect(progress.at(-1)?.position.entries).toBe(200)
    for (const { position, counts } of progress) expect(counts.total).toBe(position.entries)
  })

  it('stops at an abort, finishes what was under way, and goes on from there', async () => {
    const abort = new AbortController()
    const target = recorder()
    const progress: ImportProgress[] = []
    const first = await importCatalogue(
      catalogue(pictures(320)),
      target,
      options({
        signal: abort.signal,
        onProgress: (one) => {
          progress.push(one)
          abort.abort()
        },
      }),
    )
    const from = progress.at(-1)?.position
    expect(first.complete).toBe(false)
    expect(first.counts.embedded).toBe(target.ids().length)
    expect(from?.entries).toBe(first.counts.total)
    expect(first.counts.embedded).toBeLessThan(320)

    const second = await importCatalogue(catalogue(pictures(320)), target, options({ from }))
    expect(second.complete).toBe(true)
    expect(first.counts.total + second.counts.total).toBe(320)
    expect(new Set(target.ids()).size).toBe(320)
    expect(target.ids()).toHaveLength(320)
  })

  it('knows the ids of what it skips', async () => {
    const progress: ImportProgress[] = []
    await importCatalogue(
      catalogue(pictures(32)),
      recorder(),
      options({ onProgress: (one) => progress.push(one) }),
    )
    const again = [...pictures(32), picture(33, { id: 'item-5' }), picture(34)]
    const target = recorder()
    const { counts } = await importCatalogue(
      catalogue(again),
      target,
      options({ from: progress[0]?.position }),
    )
    expect(counts).toMatchObject({ total: 2, failed: 1 })
    expect(target.ids()).toEqual(['item-34'])
  })

  it('does not go on in a source that has changed before the place, or has become shorter', async () => {
    const progress: ImportProgress[] = []
    await importCatalogue(
      catalogue(pictures(64)),
      recorder(),
      options({ onProgress: (one) => progress.push(one) }),
    )
    const from = progress.at(-1)?.position
    const changed = pictures(70)
    changed[3] = picture(4, { id: 'other' })
    for (const source of [changed, pictures(10)]) {
      const target = recorder()
      await expect(importCatalogue(catalogue(source), target, options({ from }))).rejects.toThrow(
        SourceChanged,
      )
      expect(target.ids()).toEqual([])
    }
  })

  it('waits for what is under way when the catalogue itself breaks off', async () => {
    const target = recorder()
    const source = catalogue(pictures(32), new KindredError('DATASET_INVALID', 'torn'))
    await expect(importCatalogue(source, target, options())).rejects.toThrow('torn')
    expect(target.underWay()).toBe(0)
    expect(target.ids()).toHaveLength(32)
  })

  it('ends with the error of a target that fails as a whole', async () => {
    const target = {
      importChunk: () => Promise.reject(new KindredError('STORE_CLOSED', 'closed')),
    }
    await expect(importCatalogue(catalogue(pictures(100)), target, options())).rejects.toMatchObject({
      code: 'STORE_CLOSED',
    })
  })
})
