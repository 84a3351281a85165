import { Command } from 'commander'
import { loadBundle } from '../bundles/load-bundle.js'
import { evaluateEmbedder, testRows, type Evaluation } from '../evaluation/evaluate.js'
import { imageLimitsFrom } from '../images/limits.js'
import { wholeNumber } from './exit.js'
import { withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'
import { addSetOptions, readSetWith, type SetFlags } from './set-options.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags extends SetFlags {
  readonly model: string
  readonly data: string
  readonly gallery?: string
  readonly seed: number
  readonly json?: true
}

/** `kindred evaluate`: retrieval figures of a bundle on a labelled set. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('Measure retrieval of a model on a labelled set: recall@K, R-precision, MAP@R, NMI.')
    .requiredOption('--model <folder>', 'model bundle')
    .requiredOption('--data <set>', 'labelled set: a folder of one folder per class, or a CSV')
    .option('--gallery <set>', 'search this set instead of the other queries')
    .option('--seed <n>', 'of clustering and intervals', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
  addSetOptions(command)
  addSettings(command, ['provider', 'embedThreads', 'embedBatch', 'maxImageBytes', 'maxImagePixels'])
  return command
    .addHelpText('after', '\nExample:\n  kindred evaluate --model models/products --data photos/ --json')
    .action(async (flags: Flags) => {
      const config = configOf(command)
      const set = await readSetWith(flags.data, flags)
      const queries = flags.split === undefined ? testRows(set) : set
      const gallery = flags.gallery === undefined ? undefined : await readSetWith(flags.gallery, flags)
      const total = queries.images.length + (gallery?.images.length ?? 0)
      const progress = startProgress('embedding', total, flags.json)
      const { evaluation, failures } = await withEmbedder(await loadBundle(flags.model), config, (embedder) =>
        evaluateEmbedder(embedder, queries, {
          ...(gallery && { gallery }),
          seed: flags.seed,
          limits: imageLimitsFrom(config),
          onProgress: (phase, done) => {
            if (phase === 'embedding') progress.update(done)
          },
        }),
      ).finally(progress.stop)
      for (const { path, code, reason } of failures)
        process.stderr.write(`skipped ${path}: ${code} ${reason}\n`)
      process.stdout.write(flags.json ? `${JSON.stringify(evaluation)}\n` : table(evaluation))
    })
}

function table({
  model,
  data,
  recall,
  rPrecision,
  mapAtR,
  nmi,
  nmiSpread,
  intervals,
  counts,
}: Evaluation): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const row = (name: string, value: number, key: string): string => {
    const interval = intervals[key]
    const range =
      interval === undefined ? '' : `  (95 %: ${percent(interval.low)} to ${percent(interval.high)})`
    return `  ${name.padEnd(14)}${percent(value).padStart(8)}${range}\n`
  }
  return [
    `${model} on ${data}: ${counts.queries} queries of ${counts.classes} classes, gallery of ${counts.gallery}`,
    counts.leftOut > 0 ? `, ${counts.leftOut} left out (alone in their class)` : '',
    '\n',
    ...Object.entries(recall).map(([k, value]) => row(`Recall@${k}`, value, `recall@${k}`)),
    row('R-precision', rPrecision, 'rPrecision'),
    row('MAP@R', mapAtR, 'mapAtR'),
    `  ${'NMI'.padEnd(14)}${percent(nmi).padStart(8)}  (spread over 3 starts: ${percent(nmiSpread)})\n`,
  ].join('')
}
