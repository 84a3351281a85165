import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import type { CollectionSpec } from '../../../../src/collections/collection.js'
import type { CollectionStore } from '../../../../src/collections/collection-store.js'
import type { NewItem } from '../../../../src/collections/item.js'
import { createStoreTarget } from '../../../../src/collections/store-target.js'
import type { ImportRow } from '../../../../src/collections/import-catalogue.js'
import type { RowContent } from '../../../../src/datasets/catalogues/catalogue-row.js'
import type { Embedder } from '../../../../src/embedding/embedder.js'
import { embedImage } from '../../../../src/embedding/embed-image.js'
import { defaultImageLimits } from '../../../../src/images/limits.js'
import { fakeEmbedder } from '../../jobs/support/fake-embedder.js'

/** Larger than a thumbnail; another one for each number. */
export const largePicture = (n: number): Promise<Buffer> =>
  sharp({
    create: { width: 400, height: 360, channels: 3, background: { r: n % 256, g: (n >> 8) % 256, b: 99 } },
  })
    .png()
    .toBuffer()

export const oldModel = (onEmbed?: () => void | Promise<void>) => fakeEmbedder(onEmbed)
export const newModel = (onEmbed?: () => void | Promise<void>) =>
  fakeEmbedder(onEmbed, { model: 'fake@2', dimensions: 6 })

/** The collection `c` of the old model. */
export async function oldCollection(
  store: CollectionStore,
  spec: Partial<CollectionSpec> = {},
): Promise<(rows: readonly [string, RowContent][]) => Promise<void>> {
  const embedder = oldModel()
  const { collection } = await store.createCollection('c', { model: embedder.model, dimensions: 4, ...spec })
  const target = createStoreTarget(store, collection, embedder, defaultImageLimits)
  return async (rows) => {
    const imported: ImportRow[] = rows.map(([id, content], at) => {
      const row = {
        row: at + 1,
        id,
        content,
        group: `g${at % 3}`,
        metadata: { kind: 'cells', cells: {} },
      } as const
      return { row, metadata: { n: at } }
    })
    for (let at = 0; at < imported.length; at += 32) {
      const outcomes = await target.importChunk(imported.slice(at, at + 32), null)
      const failure = outcomes.find((outcome) => typeof outcome !== 'string')
      if (failure !== undefined) throw failure
    }
  }
}

export const bytesOf = (bytes: Uint8Array): RowContent => ({ kind: 'bytes', bytes, name: 'a picture' })

/** Writes a picture file. @returns the content of its row */
export function fileOf(
  folder: string,
  name: string,
  bytes: Uint8Array,
): RowContent & { readonly file: string } {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return { kind: 'file', file, name }
}

/** `count` items `p-000`, `p-001`, ... of pictures without a file. */
export async function manyPictures(count: number): Promise<[string, RowContent][]> {
  const rows: [string, RowContent][] = []
  for (let n = 0; n < count; n++) {
    rows.push([`p-${String(n).padStart(3, '0')}`, bytesOf(await largePicture(n))])
  }
  return rows
}

/** A new item as an HTTP client puts it, embedded for the old model. */
export async function newItem(id: string, n: number, embedder: Embedder = oldModel()): Promise<NewItem> {
  const bytes = await largePicture(n)
  const { embedding } = await embedImage(embedder, bytes)
  const { createHash } = await import('node:crypto')
  const contentHash = createHash('sha256').update(bytes).digest('hex')
  return { id, embedding, contentHash, picture: { kind: 'original', mediaType: 'image/png', bytes } }
}
