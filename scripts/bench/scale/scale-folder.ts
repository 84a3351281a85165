import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { toUnitLength } from '../../../src/collections/unit-length.js'
import { createLogger } from '../../../src/log.js'
import type { ScaleSettings } from './scale-settings.js'

/** What the steps find in their folder. */
export const paths = (folder: string) => ({
  store: path.join(folder, 'store'),
  embeddings: path.join(folder, 'embeddings.npy'),
  ids: path.join(folder, 'ids.txt'),
  queries: path.join(folder, 'queries.f32'),
})

export const openStore = ({ folder }: ScaleSettings): Promise<CollectionStore> =>
  openEmbeddedStore(paths(folder).store, { logger: createLogger('warn') })

export function readQueries({ folder, queries, dimensions }: ScaleSettings): Float32Array[] {
  const values = new Float32Array(Uint8Array.from(readFileSync(paths(folder).queries)).buffer)
  const row = (at: number): Float32Array => values.subarray(at * dimensions, (at + 1) * dimensions)
  return Array.from({ length: queries }, (_, at) => toUnitLength(row(at), dimensions))
}

/** The folder of the only collection of the store. */
export function collectionFolder({ folder }: ScaleSettings): string {
  const root = path.join(paths(folder).store, 'collections')
  const [uid = '', ...others] = readdirSync(root)
  if (others.length > 0) throw new Error(`${root} holds several collections`)
  return path.join(root, uid)
}

export const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0)

/** Seconds since `began` (performance.now()). */
export const since = (began: number): number => (performance.now() - began) / 1000
