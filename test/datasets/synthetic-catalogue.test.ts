import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import type { CatalogueRow } from '../../src/datasets/catalogues/catalogue-row.js'
import { classesOf } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'
import { chooseProducts, mostProducts } from '../../src/datasets/synthetic/products.js'
import {
  renderSyntheticCatalogue,
  syntheticFiles,
} from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { drawScene } from '../../src/datasets/synthetic/scene.js'
import { decodeImage } from '../../src/images/decode.js'
import { readAll } from './catalogues/read-all.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const small = { seed: 1, classes: 5, imagesPerClass: 2, queriesPerClass: 1, size: 48 }

async function rowsOf(folder: string): Promise<CatalogueRow[]> {
  const rows: CatalogueRow[] = []
  for (const entry of await readAll(path.join(folder, syntheticFiles.catalogue))) {
    if (entry.kind === 'error') throw new Error(entry.error.reason)
    rows.push(entry.row)
  }
  return rows
}

describe('the products', () => {
  it('are of many kinds, each an id of its own that is safe everywhere', () => {
    const products = chooseProducts(mostProducts, 3)
    expect(new Set(products.map((product) => product.template.kind)).size).toBeGreaterThanOrEqual(20)
    expect(new Set(products.map((product) => product.id)).size).toBe(mostProducts)
    for (const { id } of products) expect(id).toMatch(/^[A-Za-z0-9-]+$/)
  })

  it('come kind by kind in turn', () => {
    const kinds = chooseProducts(60, 1).map((product) => product.template.kind)
    expect(new Set(kinds.slice(0, 20)).size).toBe(20)
  })

  it('depend on the seed alone', () => {
    expect(chooseProducts(60, 1)).toEqual(chooseProducts(60, 1))
    expect(chooseProducts(60, 1)).not.toEqual(chooseProducts(60, 2))
  })

  it('cannot be more than the templates and colours give', () => {
    expect(() => chooseProducts(mostProducts + 1, 1)).toThrow(/classes/)
  })
})

describe('a scene', () => {
  it('draws every template without a number that is none, in another pose each time', () => {
    const random = createRandom(1)
    for (const product of chooseProducts(mostProducts, 1)) {
      const first = drawScene(product, random)
      expect(first).not.toMatch(/NaN|undefined|Infinity/)
      expect(drawScene(product, random)).not.toBe(first)
    }
  })

  it('is the same drawing on every machine', () => {
    const random = createRandom(9)
    const drawings = chooseProducts(40, 9).map((product) => drawScene(product, random))
    const digest = createHash('sha256').update(drawings.join('\n')).digest('hex')
    expect(digest.slice(0, 16)).toBe('32859174af692db2')
  })
})

describe('a synthetic catalogue', () => {
  it('is read as a catalogue with its products as groups, and its queries as a labelled set', async () => {
    const folder = path.join(temporaryFolder(), 'demo')
    const done: number[] = []
    const counts = await renderSyntheticCatalogue(folder, { ...small, onProgress: (n) => done.push(n) })
    expect(counts).toEqual({ products: 5, images: 10, queries: 5 })
    expect(done.at(-1)).toBe(15)
    const rows = await rowsOf(folder)
    expect(rows).toHaveLength(10)
    for (const { id, content, metadata } of rows) {
      expect(id).toMatch(/^[A-Za-z0-9-]+$/)
      expect(Object.keys(metadata.kind === 'cells' ? metadata.cells : {})).toEqual([
        'product',
        'kind',
        'colour',
        'pattern',
      ])
      const { width, height } = await decodeImage(await readFile(content.kind === 'file' ? content.file : ''))
      expect([width, height]).toEqual([48, 48])
    }
    const queries = await readSet(path.join(folder, syntheticFiles.queries))
    expect(new Set(classesOf(queries))).toEqual(new Set(rows.map((row) => row.group)))
    expect(classesOf(await readSet(path.join(folder, 'catalogue')))).toEqual(classesOf(queries))
  })

  it('is the same on every run, and no query is in it', async () => {
    const base = temporaryFolder()
    await renderSyntheticCatalogue(path.join(base, 'a'), small)
    await renderSyntheticCatalogue(path.join(base, 'b'), small)
    const digests = async (folder: string): Promise<string[]> => {
      const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
        entry.isFile(),
      )
      const files = names.map((entry) => path.join(entry.parentPath, entry.name)).sort()
      return Promise.all(
        files.map(async (file) =>
          createHash('sha256')
            .update(await readFile(file))
            .digest('hex'),
        ),
      )
    }
    const first = await digests(path.join(base, 'a'))
    expect(first).toHaveLength(17)
    expect(await digests(path.join(base, 'b'))).toEqual(first)
    expect(new Set(first).size).toBe(17)
  })

  it('never overwrites a folder that holds something', async () => {
    const folder = path.join(temporaryFolder(), 'mine')
    await mkdir(folder)
    await writeFile(path.join(folder, 'precious'), 'x')
    await expect(renderSyntheticCatalogue(folder, small)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await readdir(folder)).toEqual(['precious'])
    expect(await readdir(path.dirname(folder))).toEqual(['mine'])
  })

  it('leaves nothing behind when it is stopped', async () => {
    const folder = path.join(temporaryFolder(), 'demo')
    const controller = new AbortController()
    const onProgress = (): void => {
      controller.abort(new Error('stop'))
    }
    const running = renderSyntheticCatalogue(folder, { ...small, signal: controller.signal, onProgress })
    await expect(running).rejects.toThrow('stop')
    expect(existsSync(folder)).toBe(false)
    expect(await readdir(path.dirname(folder))).toEqual([])
  })
})
