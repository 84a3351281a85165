import { writeFile } from 'node:fs/promises'
import { arch, cpus, platform } from 'node:os'
import { Command } from 'commander'
import type { BundleManifest } from '../bundles/manifest.js'
import { loadBundle } from '../bundles/load-bundle.js'
import type { Config } from '../config.js'
import {
  evaluateEmbedder,
  testRows,
  type EvaluatePhase,
  type Evaluation,
  type EvaluationResult,
} from '../evaluation/evaluate.js'
import { gatherReport } from '../evaluation/report/gather-report.js'
import { readTrainingLog, type TrainingCurves } from '../evaluation/report/read-training-log.js'
import { renderReport } from '../evaluation/report/render-report.js'
import { readNpy } from '../evaluation/read-npy.js'
import { imageLimitsFrom } from '../images/limits.js'
import { wholeNumber } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { embeddingSettings, withEmbedder } from './open-embedder.js'
import { parseKs } from './recall-at.js'
import { startPhases } from './phases.js'
import { startProgress, type Progress } from './progress.js'
import { readyToWrite } from './ready-to-write.js'
import { reportSkipped } from './report-skipped.js'
import {
  addGalleryOptions,
  addSetOptions,
  readGalleryWith,
  readSetWith,
  refuseIdleBoxes,
  type GalleryFlags,
} from './set-options.js'
import { classTable, figureLines, nmiLine } from './retrieval-table.js'
import { addSettings, configOf } from './setting-options.js'
import { version } from '../version.js'

interface Flags extends GalleryFlags {
  readonly model: string
  readonly data: string
  readonly embeddings?: string
  readonly recallAt: readonly number[]
  readonly seed: number
  readonly report?: string
  readonly log?: string
  readonly perClass?: true
  readonly json?: true
}

/** `kindred evaluate`: retrieval figures of a bundle on a labelled set. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('Measure retrieval of a model on a labelled set: recall@K, R-precision, MAP@R, NMI.')
    .requiredOption('--model <folder>', 'model bundle')
    .requiredOption(
      '--data <set>',
      'labelled set: a folder of one folder per class or of a published set, or a CSV',
    )
    .option('--embeddings <file.npy>', 'rows for the pictures of --data, in their order: nothing is embedded')
    .option('--recall-at <k,k>', 'the K of recall@K, such as 1,10,100,1000', parseKs, [1, 2, 4, 8])
    .option('--report <file>', 'write a page with figures, charts and pictures, complete in one HTML file')
    .option('--log <file>', 'log.jsonl of the training run, whose curves the page then shows')
    .option('--per-class', 'print the figures of every class, too')
    .option('--seed <n>', 'of clustering, intervals and what the page samples', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
  addGalleryOptions(addSetOptions(command))
  addSettings(command, embeddingSettings)
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  kindred evaluate --model models/products --data photos/ --json' +
        '\n  kindred evaluate --model models/products --data photos/ --report report.html' +
        '\n  kindred evaluate --model models/products --data shop.csv --split photos --gallery shop.csv --gallery-split catalogue' +
        '\n  kindred evaluate --model models/products --data vectors.csv --embeddings vectors.npy   (of kindred embed)',
    )
    .action(async (flags: Flags) => {
      const config = configOf(command)
      // What is asked for wrongly should not show after minutes of embedding.
      const training = flags.log === undefined ? null : await readTrainingLog(flags.log)
      if (flags.report !== undefined) await readyToWrite('--report', flags.report)
      const { manifest, ...bundle } = await loadBundle(flags.model)
      const { result } = await untilInterrupted(async (signal) => {
        const measured = await measure({ manifest, ...bundle }, flags, config, signal)
        if (flags.report !== undefined)
          await writeReport(flags.report, measured, { manifest, training, flags, config, signal })
        return measured
      })
      const { evaluation, failures } = result
      process.stdout.write(flags.json ? `${JSON.stringify(evaluation)}\n` : table(evaluation))
      if (flags.perClass && !flags.json) process.stdout.write(classTable(evaluation.perClass))
      if (flags.report !== undefined && !flags.json) process.stdout.write(`the page is ${flags.report}\n`)
      reportSkipped(failures)
    })
}

async function measure(
  bundle: Parameters<typeof withEmbedder>[0],
  flags: Flags,
  config: Config,
  signal: AbortSignal,
): Promise<EvaluationResult> {
  const set = await readSetWith(flags.data, flags)
  const queries = flags.split === undefined ? testRows(set) : set
  const gallery = await readGalleryWith(flags)
  refuseIdleBoxes(flags, [set, gallery])
  const embeddings = flags.embeddings === undefined ? undefined : await readNpy(flags.embeddings)
  const show = startPhases<EvaluatePhase>(flags.json === true)
  return withEmbedder(bundle, config, (embedder) =>
    evaluateEmbedder(embedder, queries, {
      ...(gallery && { gallery }),
      ...(embeddings && { embeddings }),
      ks: flags.recallAt,
      seed: flags.seed,
      limits: imageLimitsFrom(config),
      onProgress: show.update,
      signal,
    }),
  ).finally(show.stop)
}

async function writeReport(
  file: string,
  result: EvaluationResult,
  options: {
    manifest: BundleManifest
    training: TrainingCurves | null
    flags: Flags
    config: Config
    signal: AbortSignal
  },
): Promise<void> {
  const { manifest, training, flags, config, signal } = options
  let progress: Progress | undefined
  const report = await gatherReport(result, {
    manifest,
    training,
    environment: environmentOf(flags, config, result.evaluation),
    limits: imageLimitsFrom(config),
    onProgress: (done, total) => {
      progress ??= startProgress('drawing the map', total, flags.json)
      progress.update(done)
    },
    signal,
  }).finally(() => progress?.stop())
  await writeFile(file, renderReport(report))
}

function environmentOf(flags: Flags, config: Config, { seed }: Evaluation): [string, string][] {
  return [
    ['Command', `kindred ${process.argv.slice(2).join(' ')}`],
    ['Time', new Date().toISOString()],
    ['kindred', version],
    ['Node', process.versions.node],
    ['Machine', `${platform()} ${arch()}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`],
    ['ONNX Runtime provider', config.provider],
    ['Model', flags.model],
    ['Data', flags.data],
    ['Gallery', galleryOf(flags)],
    ['Seed', String(seed)],
    ['Largest picture', `${config.maxImageBytes} bytes, ${config.maxImagePixels} pixels`],
  ]
}

function galleryOf({ gallery, gallerySplit, split }: Flags): string {
  if (gallery === undefined) return 'the other queries, or as the set marks it'
  const chosen = gallerySplit ?? split
  return chosen === undefined ? gallery : `${gallery}, split ${chosen}`
}

function table(evaluation: Evaluation): string {
  const { model, data, nmi, nmiSpread, counts } = evaluation
  return [
    `${model} on ${data}: ${counts.queries} queries of ${counts.classes} classes, gallery of ${counts.gallery}`,
    counts.leftOut > 0 ? `, ${counts.leftOut} left out (alone in their class)` : '',
    counts.failed > 0 ? `, ${counts.failed} skipped (unreadable)` : '',
    '\n',
    figureLines(evaluation),
    nmiLine({ mean: nmi, spread: nmiSpread }),
  ].join('')
}
