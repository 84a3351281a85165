import { Command } from 'commander'
import { loadBundle } from '../bundles/load-bundle.js'
import type { CollectionStore } from '../collections/collection-store.js'
import type { Job } from '../collections/jobs/job.js'
import { Jobs } from '../collections/jobs/jobs.js'
import { reindexJob } from '../collections/jobs/reindex-job.js'
import type { ReindexResult } from '../collections/reindex/reindex-collection.js'
import type { Config } from '../config.js'
import type { Embedder } from '../embedding/embedder.js'
import { KindredError } from '../errors.js'
import { openJobDecoders } from '../images/decoding/open-decoders.js'
import { imageLimitsFrom } from '../images/limits.js'
import { createLogger } from '../log.js'
import { exitCode } from './exit.js'
import { followJob } from './indexing/follow-job.js'
import { untilInterrupted } from './interrupt.js'
import { keyOption } from './key-option.js'
import { decodingSettings, embeddingSettings, withEmbedder } from './open-embedder.js'
import { reindexThere } from './reindexing/reindex-there.js'
import { addSettings, configOf } from './setting-options.js'
import { withStore } from './with-store.js'

interface Flags {
  readonly collection: string
  readonly model?: string
  readonly resume?: true
  readonly allowMissing?: true
  readonly abandon?: true
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** `kindred reindex`: embeds a collection with another model. */
export function reindexCommand(): Command {
  const command = new Command('reindex')
    .description(
      'Embed a collection with another model, from what is kept of its pictures. The old embeddings answer until it is done, and can be put back.',
    )
    .requiredOption('--collection <name>', 'collection to embed anew')
    .option('--model <folder>', 'bundle to embed with')
    .option('--resume', 'go on with the unfinished job of this collection and model')
    .option('--allow-missing', 'let go of the items that cannot be embedded, however many')
    .option('--abandon', 'remove what an unfinished change of model has left')
    .option('--url <url>', 'let a running server do it instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, ['store', ...embeddingSettings, ...decodingSettings, 'maxMissingPercent', 'keepJobs'])
  return command
    .addHelpText(
      'after',
      `
Examples:
  kindred reindex --collection shop --model models/mine
  kindred snapshots roll-back shop             # the old model again
  kindred snapshots drop-previous shop         # its room again`,
    )
    .action(async (flags: Flags) => {
      if (flags.url !== undefined) {
        await askServer(flags.url, flags)
        return
      }
      const config = configOf(command)
      await withStore(config.store, (store) =>
        flags.abandon === true ? abandon(store, flags) : reindex(store, config, flags),
      )
    })
}

async function askServer(url: string, flags: Flags): Promise<void> {
  const { collection, model, key, allowMissing = false, json = false } = flags
  if (flags.resume === true || flags.abandon === true) {
    throw new KindredError('INVALID_ARGUMENT', '--resume and --abandon are for a store here, not for --url', {
      hint: 'A server goes on by itself with what it was stopped in.',
    })
  }
  if (model === undefined) throw modelMissing()
  const { result: job, interrupted } = await untilInterrupted((signal) =>
    reindexThere({ collection, model, allowMissing, quiet: json }, { url, key }, signal),
  )
  const { id, counts, source, state } = job
  const swapped = state === 'done'
  process.stdout.write(
    json
      ? `${JSON.stringify({ collection: job.collection, model: source, job: id, counts, swapped })}\n`
      : `${job.collection}: ${counts.embedded} embedded, ${counts.unchanged} had been before, ${counts.failed} lost\n`,
  )
  if (!swapped || interrupted) process.exitCode = exitCode.interrupted
}

async function abandon(store: CollectionStore, { collection, json }: Flags): Promise<void> {
  const abandoned = await store.successors.abandon(collection)
  const said = abandoned ? 'the unfinished change of model is gone' : 'there is no unfinished change of model'
  process.stdout.write(json ? `${JSON.stringify({ collection, abandoned })}\n` : `${collection}: ${said}\n`)
}

async function reindex(store: CollectionStore, config: Config, flags: Flags): Promise<void> {
  const { model } = flags
  if (model === undefined) throw modelMissing()
  // What is wrong is found before there is a job.
  const { name: collection } = await store.getCollection(flags.collection)
  const bundle = await loadBundle(model)
  const jobs = new Jobs(config.store, {
    keep: config.keepJobs,
    atOnce: 1,
    waiting: 1,
    logger: createLogger('warn'),
  })
  try {
    const { result, interrupted } = await untilInterrupted((signal) =>
      withEmbedder(bundle, config, (embedder) =>
        runJob({ store, jobs, embedder, collection, config, flags }, signal),
      ),
    )
    report(result, interrupted, { collection, model: bundle.model, json: flags.json === true })
  } finally {
    await jobs.close()
  }
}

const modelMissing = (): KindredError =>
  new KindredError('INVALID_ARGUMENT', '--model is missing: a folder of a bundle')

interface Outcome {
  readonly job: Job
  /** null where it was stopped. */
  readonly done: ReindexResult | null
}

async function runJob(
  parts: {
    readonly store: CollectionStore
    readonly jobs: Jobs
    readonly embedder: Embedder
    readonly collection: string
    readonly config: Config
    readonly flags: Flags
  },
  signal: AbortSignal,
): Promise<Outcome> {
  const { store, jobs, embedder, collection, config, flags } = parts
  const { resume = false, allowMissing = false, json = false } = flags
  const unfinished = resume ? jobs.unfinished(collection, embedder.model, 'reindex') : null
  if (resume && unfinished === null) process.stderr.write('there is no such unfinished job; starting one\n')
  const results: ReindexResult[] = []
  const decoder = openJobDecoders(config)
  const { id } = jobs.start(
    { kind: 'reindex', collection, source: embedder.model, resume: unfinished?.id },
    reindexJob(store, {
      embedder: () => Promise.resolve(embedder),
      limits: imageLimitsFrom(config),
      decoder,
      maxMissing: allowMissing ? 1 : config.maxMissingPercent / 100,
      onDone: (result) => results.push(result),
    }),
  )
  const words = {
    title: 'embedding',
    startedOver: 'nothing is left of what was done; all items are embedded',
  }
  try {
    return { job: await followJob(jobs, id, words, { quiet: json, signal }), done: results[0] ?? null }
  } catch (thrown) {
    if (!json && jobs.get(id).counts.failed > 0) {
      process.stderr.write(`the items that failed: kindred jobs errors ${id}\n`)
    }
    throw thrown
  } finally {
    await decoder.close()
  }
}

function report(
  { job: { id, counts }, done }: Outcome,
  interrupted: boolean,
  {
    collection,
    model,
    json,
  }: { readonly collection: string; readonly model: string; readonly json: boolean },
): void {
  const { embedded, unchanged, failed } = counts
  const fromThumbnails = done?.fromThumbnails ?? 0
  process.stdout.write(
    json
      ? `${JSON.stringify({ collection, model, job: id, counts, fromThumbnails, swapped: done !== null })}\n`
      : `${collection}: ${embedded} embedded (${fromThumbnails} from thumbnails), ${unchanged} had been before, ${failed} lost\n`,
  )
  if (done === null || interrupted) {
    process.stderr.write('stopped; run the same command with --resume to go on where it was\n')
    process.exitCode = exitCode.interrupted
  } else if (!json) {
    process.stderr.write(`it answers with ${model}; kindred snapshots roll-back ${collection} goes back\n`)
  }
}
