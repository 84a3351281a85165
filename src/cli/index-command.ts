import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { sourceKinds } from '../datasets/catalogues/open-catalogue.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import { keepingFrom, type Keeping } from '../images/picture-to-keep.js'
import { exitCode, wholeNumber } from './exit.js'
import { indexHere } from './indexing/index-here.js'
import { catalogueSettings, type IndexRequest, type IndexResult } from './indexing/index-request.js'
import { indexThere } from './indexing/index-there.js'
import { untilInterrupted } from './interrupt.js'
import { keyOption } from './key-option.js'
import { decodingSettings, embeddingSettings, keepingSettings } from './open-embedder.js'
import { addSettings, configOf, fetchSettings } from './setting-options.js'

interface Flags {
  readonly collection: string
  readonly model?: string
  readonly ids?: string
  readonly resume?: true
  readonly deleteMissing?: true | number
  readonly confirm?: number
  readonly url?: string
  readonly key?: string
  readonly json?: true
  readonly keep?: string
  readonly thumbnailSide?: string
}

/** `kindred index`: brings the pictures or embeddings of a source into a collection. */
export function indexCommand(): Command {
  const command = new Command('index')
    .description(
      'Embed a catalogue and index it. What the collection has already is skipped, so it can be run again.',
    )
    .argument('<source>', sourceKinds)
    .requiredOption('--collection <name>', 'collection to fill; made where it is not there')
    .option('--model <folder>', 'bundle to embed with; for a new collection')
    .option('--ids <file>', 'ids of a .npy: one a line, or a CSV with the column id')
    .option('--resume', 'go on with the unfinished job of this source and collection')
    .option(
      '--delete-missing [most]',
      'afterwards delete the items that the source does not have, after a question, or if they are no more than so many',
      wholeNumber(0),
    )
    .option('--confirm <most>', 'the same, for --delete-missing without a number', wholeNumber(0))
    .option('--url <url>', 'index through a running server instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, [
    'store',
    'models',
    ...embeddingSettings,
    ...decodingSettings,
    ...fetchSettings,
    ...keepingSettings,
    ...catalogueSettings,
    'keepJobs',
  ])
  return command
    .addHelpText(
      'after',
      `
Examples:
  kindred index photos/ --collection shop
  kindred index products.csv --collection shop --url http://127.0.0.1:8080
  kindred index products.zip --collection shop --resume
  kindred index embeddings.npy --ids ids.txt --collection vectors`,
    )
    .action(async (source: string, flags: Flags) => {
      const request = requestOf(source, flags, command)
      // Before a store or a collection is made for nothing.
      for (const file of [source, ...(flags.ids === undefined ? [] : [flags.ids])]) {
        if (!existsSync(file)) {
          throw new KindredError('INVALID_ARGUMENT', `There is no folder or file ${file}`)
        }
      }
      const { url, key } = flags
      const { result } = await untilInterrupted((signal) =>
        url === undefined ? indexHere(request, signal) : indexThere(request, { url, key }, signal),
      )
      report(result, request, flags.json === true)
    })
}

function requestOf(source: string, flags: Flags, command: Command): IndexRequest {
  const { collection, model, ids, resume = false, deleteMissing, confirm, json = false } = flags
  if (confirm !== undefined && deleteMissing === undefined) {
    throw new KindredError('INVALID_ARGUMENT', '--confirm belongs to --delete-missing')
  }
  const deletion =
    deleteMissing === undefined
      ? null
      : { atMost: (deleteMissing === true ? undefined : deleteMissing) ?? confirm ?? null }
  const config = configOf(command)
  const keeping = askedKeeping(flags, config)
  return { source, collection, model, ids, resume, deletion, keeping, quiet: json, config }
}

/** Only flags ask this of the collection named beside them; environment and file say what new ones keep. */
function askedKeeping(flags: Flags, config: Config): Partial<Keeping> {
  const { keep, thumbnailSide } = keepingFrom(config)
  return {
    ...(flags.keep !== undefined && { keep }),
    ...(flags.thumbnailSide !== undefined && { thumbnailSide }),
  }
}

function report(
  { job, there, counts, deleted, interrupted }: IndexResult,
  { collection, deletion }: IndexRequest,
  json: boolean,
): void {
  const { embedded, unchanged, failed } = counts
  const gone = deletion === null ? '' : `, ${deleted} deleted`
  process.stdout.write(
    json
      ? `${JSON.stringify({ collection, counts, ...(job !== null && { job }), ...(deletion !== null && { deleted }) })}\n`
      : `${collection}: ${embedded} embedded, ${unchanged} unchanged, ${failed} failed${gone}\n`,
  )
  if (failed > 0 && job !== null) {
    process.stderr.write(`the rows that failed: kindred jobs errors ${job}${there ? ' --url ...' : ''}\n`)
  }
  if (interrupted) {
    const how = there ? 'run the same command again' : 'run the same command with --resume'
    process.stderr.write(`stopped; ${how} to go on where it was\n`)
    process.exitCode = exitCode.interrupted
  } else if (failed > 0) process.exitCode = exitCode.failure
}
