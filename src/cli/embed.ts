import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { loadBundle } from '../bundles/load-bundle.js'
import { readSource, type PictureSource } from '../datasets/read-source.js'
import { KindredError } from '../errors.js'
import type { EmbedFailure } from '../evaluation/embed-pictures.js'
import { embedToFile } from '../evaluation/embed-to-file.js'
import { tableOfCatalogue, tableOfSet } from '../evaluation/picture-table.js'
import { imageLimitsFrom } from '../images/limits.js'
import { untilInterrupted } from './interrupt.js'
import { embeddingSettings, withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'
import { reportSkipped } from './report-skipped.js'
import { addSetOptions, readOptionsOf, type SetFlags } from './set-options.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags extends SetFlags {
  readonly model: string
  readonly output: string
  readonly json?: true
}

/** `kindred embed`: the embeddings of a labelled set or a catalogue as a NumPy file. */
export function embedCommand(): Command {
  const command = new Command('embed')
    .description(
      'Write the embeddings of pictures: X.npy (float32, a row a picture, unit length), and X.csv that says which each is: ' +
        'id, label, path of a labelled set, id, image of a catalogue.',
    )
    .argument(
      '<source>',
      'labelled set: a folder of one folder per class or of a published set, or a CSV with the columns path, label; ' +
        'or a catalogue: any other folder of pictures, or a CSV with the columns id, image',
    )
    .requiredOption('--model <folder>', 'model bundle')
    .requiredOption('--output <file.npy>', 'file to write; the CSV comes beside it')
    .option('--json', 'print one JSON object')
  addSetOptions(command)
  addSettings(command, embeddingSettings)
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  kindred embed photos/ --model models/products --output photos.npy' +
        '\n  kindred embed catalogue.csv --model models/products --output catalogue.npy',
    )
    .action(async (source: string, flags: Flags) => {
      const config = configOf(command)
      const { output, json } = flags
      if (path.extname(output) !== '.npy') {
        throw new KindredError('INVALID_ARGUMENT', `The output ${output} must end in .npy`)
      }
      const bundle = await loadBundle(flags.model)
      const pictures = await readSource(source, readOptionsOf(flags))
      await mkdir(path.dirname(path.resolve(output)), { recursive: true })
      const count = pictures.kind === 'labelled' ? pictures.set.images.length : pictures.rows.length
      const progress = startProgress('embedding', count, json)
      const { result } = await untilInterrupted((signal) =>
        withEmbedder(bundle, config, (embedder) => {
          const options = {
            limits: imageLimitsFrom(config),
            onProgress: (done: number) => {
              progress.update(done)
            },
            signal,
          }
          return pictures.kind === 'labelled'
            ? embedToFile(embedder, tableOfSet(pictures.set), output, options)
            : embedToFile(embedder, tableOfCatalogue(pictures.rows), output, options)
        }),
      ).finally(progress.stop)
      const { rows, dimensions, rowsFile } = result
      const failures = [...rowFailures(source, pictures), ...result.failures]
      process.stdout.write(
        json
          ? `${JSON.stringify({ model: bundle.model, file: output, rowsFile, rows, dimensions, failed: failures.length })}\n`
          : `${output}: ${rows} x ${dimensions} by ${bundle.model}; what each row is: ${rowsFile}\n`,
      )
      reportSkipped(failures)
    })
}

/** Rows of a catalogue that name no picture, told like pictures that cannot be read. */
const rowFailures = (source: string, pictures: PictureSource): EmbedFailure[] =>
  pictures.kind === 'labelled'
    ? []
    : pictures.errors.map(({ row, code, reason }) => ({ path: `row ${row} of ${source}`, code, reason }))
