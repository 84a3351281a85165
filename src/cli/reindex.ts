import { Command } from 'commander'
import { loadBundle } from '../bundles/load-bundle.js'
import type { CollectionStore } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import { Jobs } from '../collections/jobs/jobs.js'
import { reindexJob } from '../collections/jobs/reindex-job.js'
import type { ReindexResult } from '../collections/reindex/reindex-collection.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { createLogger } from '../log.js'
import { exitCode } from './exit.js'
import { startReporter } from './indexing/import-reporter.js'
import { untilInterrupted } from './interrupt.js'
import { embeddingSettings, withEmbedder } from './open-embedder.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags {
  readonly collection: string
  readonly model?: string
  readonly resume?: true
  readonly allowMissing?: true
  readonly abandon?: true
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
    .option('--json', 'print one JSON object')
  addSettings(command, ['store', ...embeddingSettings, 'maxMissingPercent', 'keepJobs'])
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
      const config = configOf(command)
      const store = await openEmbeddedStore(config.store, { logger: createLogger('warn') })
      try {
        if (flags.abandon === true) await abandon(store, flags)
        else await reindex(store, config, flags)
      } finally {
        await store.close()
      }
    })
}

async function abandon(store: CollectionStore, { collection, json }: Flags): Promise<void> {
  const abandoned = await store.successors.abandon(collection)
  const said = abandoned ? 'the unfinished change of model is gone' : 'there is no unfinished change of model'
  process.stdout.write(json ? `${JSON.stringify({ collection, abandoned })}\n` : `${collection}: ${said}\n`)
}

async function reindex(store: CollectionStore, config: Config, flags: Flags): Promise<void> {
  const { collection, model, resume = false, allowMissing = false, json = false } = flags
  if (model === undefined)
    throw new KindredError('INVALID_ARGUMENT', '--model is missing: a folder of models/')
  // Before there is a job.
  const { name } = await store.getCollection(collection)
  const bundle = await loadBundle(model)
  const jobs = new Jobs(config.store, {
    keep: config.keepJobs,
    atOnce: 1,
    waiting: 1,
    logger: createLogger('warn'),
  })
  try {
    const unfinished = resume ? jobs.unfinished(name, bundle.model, 'reindex') : null
    if (resume && unfinished === null) process.stderr.write('there is no such unfinished job; starting one\n')
    const { result: job, interrupted } = await untilInterrupted((signal) =>
      withEmbedder(bundle, config, async (embedder) => {
        let result: ReindexResult | null = null
        const { id } = jobs.start(
          { kind: 'reindex', collection: name, source: bundle.model, resume: unfinished?.id },
          reindexJob(store, {
            embedder: () => Promise.resolve(embedder),
            limits: imageLimitsFrom(config),
            maxMissing: allowMissing ? 1 : config.maxMissingPercent / 100,
            onDone: (done) => {
              result = done
            },
          }),
        )
        const reporter = startReporter(json, 'embedding anew')
        jobs.watch(id, ({ job: { counts, ratePerSecond, etaSeconds }, errors }) => {
          reporter.errors(errors)
          reporter.progress({ done: counts.total, failed: counts.failed, ratePerSecond, etaSeconds })
        })
        const cancel = (): void => void jobs.cancel(id)
        signal.addEventListener('abort', cancel)
        if (signal.aborted) cancel()
        const finished = await jobs.finished(id).finally(() => {
          signal.removeEventListener('abort', cancel)
          reporter.stop()
        })
        return { ...finished, result: result as ReindexResult | null }
      }),
    )
    if (job.error !== null) {
      if (!json && job.counts.failed > 0)
        process.stderr.write(`the items that failed: kindred jobs errors ${job.id}\n`)
      throw new KindredError(job.error.code, job.error.reason)
    }
    const { embedded, unchanged, failed } = job.counts
    const fromThumbnails = job.result?.fromThumbnails ?? 0
    process.stdout.write(
      json
        ? `${JSON.stringify({ collection: name, model: bundle.model, job: job.id, counts: job.counts, fromThumbnails })}\n`
        : `${name}: ${embedded} embedded, ${fromThumbnails} of them from thumbnails, ${unchanged} found embedded, ${failed} lost\n`,
    )
    if (interrupted) {
      process.stderr.write('stopped; run the same command with --resume to go on where it was\n')
      process.exitCode = exitCode.interrupted
    } else if (!json) {
      process.stderr.write(
        `${name} answers with ${bundle.model} now; kindred snapshots roll-back ${name} goes back\n`,
      )
    }
  } finally {
    await jobs.close()
  }
}
