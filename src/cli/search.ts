import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { applyCalibration } from '../bundles/calibration.js'
import { findBundle } from '../bundles/find-bundle.js'
import type { SearchPlan } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import type { Filter } from '../collections/filter/filter.js'
import { filterLimitsFrom, readFilter } from '../collections/filter/read-filter.js'
import type { Config } from '../config.js'
import { embedImage } from '../embedding/embed-image.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { createLogger } from '../log.js'
import { wholeNumber } from './exit.js'
import { keyOption } from './key-option.js'
import { withEmbedder } from './open-embedder.js'
import { connectTo } from './remote-server.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags {
  readonly collection: string
  readonly k?: number
  readonly exact?: true
  readonly filter?: string
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** What a person and a script want to know of an answer; the server's answer has these fields, too. */
interface Answer {
  readonly results: readonly {
    readonly id: string
    readonly score: number
    /** Chance that it is of the query's class; absent where the model is not calibrated. */
    readonly probability?: number
    readonly group: string | null
    readonly metadata: Readonly<Record<string, unknown>>
  }[]
  readonly total: number
  /** `NAME@FINGERPRINT` */
  readonly model: string | null
  /** Whether every item that matches was compared. */
  readonly exact: boolean
  /** How it was found. */
  readonly plan: SearchPlan
}

/** `kindred search`: the items of a collection that look like a picture. */
export function searchCommand(): Command {
  const command = new Command('search')
    .description('Find the items of a collection that look like a picture.')
    .argument('<image>', 'picture to look for')
    .requiredOption('--collection <name>', 'collection to search')
    .option('--k <n>', 'how many answers (default: 10)', wholeNumber(1))
    .option('--filter <json>', 'only items whose metadata match, such as \'{"colour": {"eq": "red"}}\'')
    .option('--exact', 'compare with every item instead of walking the graph')
    .option('--url <url>', 'ask a running server instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, [
    'store',
    'models',
    'provider',
    'embedThreads',
    'maxImageBytes',
    'maxImagePixels',
    'allowSvg',
    'maxK',
    'maxFilterDepth',
    'maxFilterTerms',
  ])
  return command
    .addHelpText(
      'after',
      '\nExample:\n  kindred search photo.jpg --collection shop --k 5 --filter \'{"price": {"lt": 50}}\'',
    )
    .action(async (image: string, flags: Flags) => {
      const config = configOf(command)
      const filter =
        flags.filter === undefined ? undefined : readFilter(flags.filter, filterLimitsFrom(config))
      const bytes = await readFile(image).catch((cause: unknown) => {
        throw new KindredError('IMAGE_UNREADABLE', `${image} cannot be read`, { cause })
      })
      const answer =
        flags.url === undefined
          ? await searchHere(bytes, flags, filter, config)
          : await searchThere(bytes, path.basename(image), flags, flags.url)
      process.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : lines(answer))
    })
}

async function searchHere(
  bytes: Uint8Array,
  flags: Flags,
  filter: Filter | undefined,
  config: Config,
): Promise<Answer> {
  const { collection, k = Math.min(10, config.maxK), exact } = flags
  if (k > config.maxK) {
    throw new KindredError('INVALID_ARGUMENT', `--k may be at most ${config.maxK}`, { hint: 'Raise --max-k' })
  }
  if (!existsSync(config.store)) {
    throw new KindredError('COLLECTION_NOT_FOUND', `There is no store at ${config.store}`, {
      hint: 'Fill one with: kindred index',
    })
  }
  const store = await openEmbeddedStore(config.store, { logger: createLogger('warn') })
  try {
    const { model } = await store.getCollection(collection)
    if (model === null) {
      throw new KindredError(
        'MODEL_MISMATCH',
        `${collection} has no model, so a picture cannot be looked for in it`,
      )
    }
    const bundle = await findBundle(config.models, model)
    return await withEmbedder(bundle, config, async (embedder) => {
      const { embedding } = await embedImage(embedder, bytes, { limits: imageLimitsFrom(config) })
      const answer = await store.search(collection, {
        embedding,
        k,
        model,
        exact: exact === true,
        ...(filter !== undefined && { filter }),
      })
      const { calibration } = bundle.manifest
      const results =
        calibration === undefined
          ? answer.hits
          : answer.hits.map((hit) => ({ ...hit, probability: applyCalibration(calibration, hit.score) }))
      return { results, total: answer.total, model, exact: answer.exact, plan: answer.plan }
    })
  } finally {
    await store.close()
  }
}

async function searchThere(bytes: Uint8Array, name: string, flags: Flags, url: string): Promise<Answer> {
  const form = new FormData()
  form.set('image', new Blob([Uint8Array.from(bytes)]), name)
  if (flags.k !== undefined) form.set('k', String(flags.k))
  if (flags.exact) form.set('exact', 'true')
  if (flags.filter !== undefined) form.set('filter', flags.filter)
  const resource = `/collections/${encodeURIComponent(flags.collection)}/search`
  const answer = (await connectTo(url, flags.key).request('POST', resource, form)) as Answer
  const { results, total, model, exact, plan } = answer
  return { results, total, model, exact, plan }
}

function lines({ results, total }: Answer): string {
  const found = results.map(({ id, score, probability, group, metadata }) => {
    const fields: Readonly<Record<string, unknown>> = { ...(group !== null && { group }), ...metadata }
    const shown = Object.entries(fields).map(([field, value]) => `${field}: ${String(value)}`)
    const chance = probability === undefined ? '' : `  ${(100 * probability).toFixed(0).padStart(3)} %`
    return `${score.toFixed(3)}${chance}  ${id}${shown.length === 0 ? '' : `  (${shown.join(', ')})`}\n`
  })
  return `${found.join('')}${results.length} of ${total} items\n`
}
