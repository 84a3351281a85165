import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { findBundle } from '../bundles/find-bundle.js'
import { loadBundle } from '../bundles/load-bundle.js'
import type { Collection, CollectionStore } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import {
  importCatalogue,
  type ImportCounts,
  type ImportOptions,
  type ImportTarget,
} from '../collections/import-catalogue.js'
import { createStoreTarget } from '../collections/store-target.js'
import type { Config } from '../config.js'
import { readCatalogue } from '../datasets/read-catalogue.js'
import { KindredError } from '../errors.js'
import { createLogger } from '../log.js'
import { imageLimitsFrom } from '../images/limits.js'
import { exitCode } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'
import { connectTo, createRemoteTarget, ensureRemoteCollection } from './remote-server.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags {
  readonly collection: string
  readonly model?: string
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** `kindred index`: brings the pictures of a folder or a CSV into a collection. */
export function indexCommand(): Command {
  const command = new Command('index')
    .description(
      'Embed a catalogue and index it. What the collection has already is skipped, so it can be run again.',
    )
    .argument('<source>', 'a folder of pictures, or a CSV with the columns id, image and optionally group')
    .requiredOption('--collection <name>', 'collection to fill; made where it is not there')
    .option('--model <folder>', 'bundle to embed with; for a new collection')
    .option('--url <url>', 'index through a running server instead of opening the store')
    .option('--key <key>', 'API key for --url')
    .option('--json', 'print one JSON object')
  addSettings(command, [
    'store',
    'models',
    'provider',
    'embedThreads',
    'embedBatch',
    'maxImageBytes',
    'maxImagePixels',
    'allowSvg',
  ])
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  kindred index photos/ --collection shop\n  kindred index products.csv --collection shop --url http://127.0.0.1:8080',
    )
    .action(async (source: string, flags: Flags) => {
      const config = configOf(command)
      // Before a store or a collection is made for nothing.
      if (!existsSync(source)) {
        throw new KindredError('INVALID_ARGUMENT', `There is no folder or file ${source}`)
      }
      const { result: counts, interrupted } = await untilInterrupted((signal) =>
        withTarget(flags, config, (target, { fields }) =>
          run(source, target, { fields, maxBytes: config.maxImageBytes, signal }, flags.json === true),
        ),
      )
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ collection: flags.collection, counts })}\n`
          : `${flags.collection}: ${counts.embedded} embedded, ${counts.unchanged} unchanged, ${counts.failed} failed\n`,
      )
      if (interrupted) {
        process.stderr.write('stopped; run the same command again to go on where it was\n')
        process.exitCode = exitCode.interrupted
      } else if (counts.failed > 0) process.exitCode = exitCode.failure
    })
}

async function run(
  source: string,
  target: ImportTarget,
  options: Pick<ImportOptions, 'fields' | 'maxBytes' | 'signal'>,
  quiet: boolean,
): Promise<ImportCounts> {
  const progress = startProgress('indexing', undefined, quiet)
  return importCatalogue(readCatalogue(source), target, {
    ...options,
    onProgress: ({ total, failed }) => {
      progress.update(total, failed > 0 ? `${failed} failed` : '')
    },
    onError: ({ row, id, code, reason }) => {
      process.stderr.write(`row ${row}${id === null ? '' : ` (${id})`}: ${code} ${reason}\n`)
    },
  }).finally(progress.stop)
}

/** Gives `use` where the pictures go: the server at `--url`, or the store and the embedder opened here. */
async function withTarget<T>(
  flags: Flags,
  config: Config,
  use: (target: ImportTarget, collection: Collection) => Promise<T>,
): Promise<T> {
  const { collection: name, model, url, key } = flags
  if (url !== undefined) {
    const server = connectTo(url, key)
    const collection = await ensureRemoteCollection(server, name, model && (await modelNamed(model)))
    return use(createRemoteTarget(server, name), collection)
  }
  const store = await openEmbeddedStore(config.store, { logger: createLogger('warn') })
  try {
    const bundle = model === undefined ? await bundleOf(store, name, config) : await loadBundle(model)
    const { collection } = await store.createCollection(name, {
      model: bundle.model,
      dimensions: bundle.manifest.embedding.dimensions,
    })
    return await withEmbedder(bundle, config, (embedder) =>
      use(createStoreTarget(store, name, embedder, imageLimitsFrom(config)), collection),
    )
  } finally {
    await store.close()
  }
}

/** What a server calls the model of a bundle here; a server may also have models that are not here. */
const modelNamed = (model: string): Promise<string> =>
  loadBundle(model).then(
    (bundle) => bundle.model,
    (thrown: unknown) => {
      if (thrown instanceof KindredError && thrown.code === 'MODEL_NOT_FOUND') return model
      throw thrown
    },
  )

/** The bundle that a collection was made with; the default one for a collection that is not there yet. */
async function bundleOf(store: CollectionStore, collection: string, config: Config) {
  const model = await store.getCollection(collection).then(
    (found) => found.model,
    (thrown: unknown) => {
      if (thrown instanceof KindredError && thrown.code === 'COLLECTION_NOT_FOUND') return undefined
      throw thrown
    },
  )
  if (model === undefined) return loadBundle(config.model)
  if (model !== null) return findBundle(config.models, model)
  throw new KindredError('MODEL_MISMATCH', `${collection} takes only ready-made embeddings, not pictures`)
}
