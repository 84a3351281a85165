import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { loadBundle } from '../bundles/load-bundle.js'
import type { CollectionStore } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import { importCatalogue } from '../collections/import-catalogue.js'
import { SeenIds } from '../collections/imports/seen-ids.js'
import { createStoreTarget } from '../collections/store-target.js'
import type { Config } from '../config.js'
import { pathsFrom } from '../datasets/catalogues/picture-reference.js'
import type { Catalogue } from '../datasets/catalogues/catalogue.js'
import { openCsvCatalogue } from '../datasets/catalogues/csv-catalogue.js'
import { renderSyntheticCatalogue, syntheticFiles } from '../datasets/synthetic/render-synthetic-catalogue.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { createLogger } from '../log.js'
import { KeyRecords } from '../server/access/key-records.js'
import { keyVariable } from './key-option.js'
import { withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'

const collection = 'demo'
const catalogue = { seed: 1, classes: 60, imagesPerClass: 8, queriesPerClass: 1, size: 256 } as const

/** The drawn pictures lie beside the collections, so that the demo goes when the store goes. */
const pictures = (config: Config): string => path.join(config.store, 'demo-catalogue')

/**
 * Makes the collection `demo`: draws a catalogue of products and indexes it with the server's model. What is ready is
 * left alone; a demo made with another model is made anew.
 */
export async function prepareDemo(config: Config, quiet = false): Promise<void> {
  const folder = pictures(config)
  if (!existsSync(folder)) {
    const { classes, imagesPerClass, queriesPerClass } = catalogue
    const progress = startProgress(
      'drawing a demo catalogue',
      classes * (imagesPerClass + queriesPerClass),
      quiet,
    )
    await renderSyntheticCatalogue(folder, {
      ...catalogue,
      onProgress: (done) => {
        progress.update(done)
      },
    }).finally(progress.stop)
  }
  const bundle = await loadBundle(config.model)
  const store = await openEmbeddedStore(config.store, { logger: createLogger('warn') })
  try {
    const items = catalogue.classes * catalogue.imagesPerClass
    const made = await existing(store)
    if (made !== null) await refuseIfNotOurs(store, await openDrawn(folder, config))
    if (made?.model === bundle.model && made.counts.items === items) return
    if (made !== null && made.model !== bundle.model) await store.deleteCollection(collection)
    const { dimensions } = bundle.manifest.embedding
    const created = await store.createCollection(collection, {
      model: bundle.model,
      dimensions,
      // Models are calibrated on photos, and drawings look more alike than those.
      probabilities: false,
    })
    const progress = startProgress('indexing it', items, quiet)
    const drawn = await openDrawn(folder, config)
    const seen = new SeenIds()
    await withEmbedder(bundle, config, (embedder) =>
      importCatalogue(
        drawn,
        createStoreTarget(store, created.collection, embedder, imageLimitsFrom(config)),
        {
          fields: {},
          seen,
          onProgress: ({ counts }) => {
            progress.update(counts.total)
          },
        },
      ),
    ).finally(() => {
      progress.stop()
      seen.close()
    })
  } finally {
    await store.close()
  }
}

const openDrawn = (folder: string, { maxRowBytes }: Config): Promise<Catalogue> =>
  openCsvCatalogue(path.join(folder, syntheticFiles.catalogue), { resolve: pathsFrom(folder), maxRowBytes })

/** A collection of the user's that happens to have the demo's name is neither filled nor replaced. */
async function refuseIfNotOurs(store: CollectionStore, rows: Catalogue): Promise<void> {
  const drawn = new Set<string>()
  for await (const entry of rows.entries()) {
    if (entry.kind === 'row') drawn.add(entry.row.id)
  }
  const { model } = await store.getCollection(collection)
  const { items } = await store.listItems(collection, { limit: drawn.size + 1 })
  if (model !== null && items.every(({ id }) => drawn.has(id))) return
  throw new KindredError(
    'COLLECTION_EXISTS',
    `The store has a collection ${collection} that is not the demo`,
    {
      hint: 'Serve without --demo (npx kindred serve), or with another --store.',
    },
  )
}

const existing = (store: CollectionStore) =>
  store.getCollection(collection).catch((thrown: unknown) => {
    if (thrown instanceof KindredError && thrown.code === 'COLLECTION_NOT_FOUND') return null
    throw thrown
  })

/** The collection, and a drawing to look for in it that is not in the catalogue. */
export function findDemo(config: Config): { readonly collection: string; readonly query: string } {
  const queries = path.resolve(pictures(config), 'queries')
  const [first] = readdirSync(queries, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
  return { collection, query: path.join(queries, first ?? '') }
}

/** The line to paste: that drawing, posted to the server, with the key of the environment where one is needed. */
export function describeDemo(config: Config, url: string): string {
  const { query } = findDemo(config)
  const quoted = `'${query.replaceAll("'", "'\\''")}'`
  const key = wantsKeys(config) ? `-H "Authorization: Bearer $${keyVariable.name}" ` : ''
  return `try it: curl -s ${key}-F image=@${quoted} -F k=5 ${url}/v1/collections/${collection}/search\n`
}

function wantsKeys({ store }: Config): boolean {
  const records = KeyRecords.openForReading(store)
  try {
    return records?.hadAny() === true
  } finally {
    records?.close()
  }
}
