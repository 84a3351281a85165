import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { loadBundle } from '../bundles/load-bundle.js'
import { KindredError } from '../errors.js'
import { embedToFile } from '../evaluation/embed-to-file.js'
import { imageLimitsFrom } from '../images/limits.js'
import { untilInterrupted } from './interrupt.js'
import { withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'
import { reportSkipped } from './report-skipped.js'
import { addSetOptions, readSetWith, type SetFlags } from './set-options.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags extends SetFlags {
  readonly model: string
  readonly output: string
  readonly json?: true
}

/** `kindred embed`: the embeddings of a labelled set as a NumPy file. */
export function embedCommand(): Command {
  const command = new Command('embed')
    .description(
      'Write the embeddings of a labelled set: X.npy (float32, a row a picture, unit length) and X.csv (id, label, path).',
    )
    .argument('<source>', 'labelled set: a folder of one folder per class or of a published set, or a CSV')
    .requiredOption('--model <folder>', 'model bundle')
    .requiredOption('--output <file.npy>', 'file to write; the CSV comes beside it')
    .option('--json', 'print one JSON object')
  addSetOptions(command)
  addSettings(command, ['provider', 'embedThreads', 'embedBatch', 'maxImageBytes', 'maxImagePixels'])
  return command
    .addHelpText('after', '\nExample:\n  kindred embed photos/ --model models/products --output photos.npy')
    .action(async (source: string, flags: Flags) => {
      const config = configOf(command)
      const { output, json } = flags
      if (path.extname(output) !== '.npy') {
        throw new KindredError('INVALID_ARGUMENT', `The output ${output} must end in .npy`)
      }
      const bundle = await loadBundle(flags.model)
      const set = await readSetWith(source, flags)
      await mkdir(path.dirname(path.resolve(output)), { recursive: true })
      const progress = startProgress('embedding', set.images.length, json)
      const { result } = await untilInterrupted((signal) =>
        withEmbedder(bundle, config, (embedder) =>
          embedToFile(embedder, set, output, {
            limits: imageLimitsFrom(config),
            onProgress: (done) => {
              progress.update(done)
            },
            signal,
          }),
        ),
      ).finally(progress.stop)
      const { rows, dimensions, failures, rowsFile } = result
      process.stdout.write(
        json
          ? `${JSON.stringify({ model: bundle.model, file: output, rowsFile, rows, dimensions, failed: failures.length })}\n`
          : `${output}: ${rows} x ${dimensions} by ${bundle.model}; what each row is: ${rowsFile}\n`,
      )
      reportSkipped(failures)
    })
}
