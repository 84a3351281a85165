import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { aboutServer } from '../bench/live/about-server.js'
import type { BenchPhase } from '../bench/live/bench-plan.js'
import { benchmark, type BenchResult } from '../bench/live/benchmark.js'
import type { LoadStep } from '../bench/live/load/load-run.js'
import { renderBenchReport } from '../bench/live/report/render-bench-report.js'
import { writeRun } from '../bench/live/run-file.js'
import { labelField as galleryField } from '../bench/live/dataset/index-gallery.js'
import { withGallery } from '../bench/live/dataset/with-gallery.js'
import { serverFacts } from '../bench/live/server-facts.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { addBenchOptions, benchSettings, usualKs, type BenchFlags } from './benching/bench-flags.js'
import { runText } from './benching/bench-text.js'
import { stepLine } from './benching/load-text.js'
import { loadPlan } from './benching/load-plan.js'
import { commandLine } from './benching/command-line.js'
import { compareCommand } from './benching/compare-command.js'
import { readDataset } from './benching/dataset-request.js'
import { gatherQueries } from './benching/gather-queries.js'
import { tellFate } from './benching/tell-fate.js'
import { exitCode, reportFailure } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { startPhases } from './phases.js'
import { modelNamed } from './remote/model-named.js'
import { openClient } from './remote/open-client.js'
import { readyToWrite } from './ready-to-write.js'
import { reportSkipped } from './report-skipped.js'
import { configOf } from './setting-options.js'
import { version } from '../version.js'

const examples = `
Examples:
  kindred bench http://127.0.0.1:8080 --collection shop --queries photos/ --label-field product
  kindred bench http://127.0.0.1:8080 --collection shop --truth truth.jsonl --exact --output run.json
  kindred bench http://127.0.0.1:8080 --collection shop --queries photos/ --rate 50 --duration 60 --report report.html
  kindred bench http://127.0.0.1:8080 --collection shop --queries photos/ --no-retrieval --slo 100
  kindred bench http://127.0.0.1:8080 --dataset cub200 CUB_200_2011/
  kindred bench compare before.json after.json --max-drop 0.01`

/** `kindred bench`: how well, and how fast, a running server answers. */
export function benchCommand(): Command {
  const command = addBenchOptions(new Command('bench').enablePositionalOptions())
    .description('Measure a running server: retrieval on labelled queries, and what load it bears.')
    .argument('<url>', 'the server, such as http://127.0.0.1:8080')
    .argument('[folder]', 'where a published set lies, with --dataset')
    .addHelpText('after', examples)
    .action(async (url: string, folder: string | undefined, flags: BenchFlags) => {
      const config = configOf(command, benchSettings)
      // What is asked for wrongly should not show after minutes of measuring.
      if (flags.report !== undefined) await readyToWrite('--report', flags.report)
      if (flags.output !== undefined) await readyToWrite('--output', flags.output)
      const { result, interrupted } = await untilInterrupted((signal) =>
        measure(url, folder, flags, config, signal),
      )
      const { run, examples, endedBy } = result
      process.stdout.write(flags.json ? `${JSON.stringify(run)}\n` : runText(run, flags.perClass === true))
      if (flags.report !== undefined) await writeFile(flags.report, renderBenchReport(run, examples))
      if (flags.output !== undefined) await writeRun(flags.output, run)
      if (flags.report !== undefined && !flags.json) process.stdout.write(`the page is ${flags.report}\n`)
      reportSkipped(run.retrieval?.failures ?? [], ['query', 'queries'])
      if (run.load?.steps.some(({ answered }) => answered === 0)) process.exitCode = exitCode.failure
      if (endedBy !== null) process.exitCode = reportFailure(endedBy, false)
      if (interrupted) process.exitCode = exitCode.interrupted
    })
  command.addCommand(compareCommand())
  return command
}

async function measure(
  url: string,
  folder: string | undefined,
  flags: BenchFlags,
  config: Config,
  signal: AbortSignal,
): Promise<BenchResult> {
  const { key, dataset, recallAt, seed, concurrency, exact, ef, labelField } = flags
  const client = openClient(url, key)
  const phases = startPhases<BenchPhase>(flags.json === true)
  const plan = {
    url,
    key,
    client,
    facts: serverFacts(url, key),
    kindred: version,
    command: commandLine(process.argv.slice(2)),
    limits: imageLimitsFrom(config),
    load: loadPlan(flags),
    pictures: flags.report !== undefined,
    onProgress: phases.update,
    onStep: (step: LoadStep): void => {
      phases.stop()
      if (flags.json !== true) process.stderr.write(stepLine(step))
    },
    signal,
  }
  const nmi = wantsNmi(flags)
  if (exact && !flags.retrieval) {
    throw new KindredError('INVALID_ARGUMENT', '--exact needs quality to be measured, without --no-retrieval')
  }
  const settings = { labelField, seed, concurrency, exact: exact === true, ef: ef ?? null }
  try {
    if (dataset === undefined) {
      const queries = await gatherQueries(flags, config.maxRowBytes)
      return await benchmark({
        ...plan,
        collection: collectionOf(flags, folder),
        queries,
        about: await aboutServer(client),
        settings: { ...settings, ks: withOne(recallAt ?? usualKs) },
        retrieval: flags.retrieval ? { ownBy: 'id-or-hash', nmi } : null,
      })
    }
    const request = await readDataset(dataset, folder, flags)
    const model = flags.model === undefined ? null : await modelNamed(flags.model)
    const onProgress = (done: number, total: number): void => {
      phases.update('indexing', done, total)
    }
    const about = await aboutServer(client)
    const gallery = {
      ...{ about, name: dataset, model, keep: flags.keep === true, root: request.root },
      ...tellFate(signal),
    }
    return await withGallery(
      client,
      request.gallery,
      { ...gallery, concurrency, limits: plan.limits, onProgress, signal },
      (collection, failures) =>
        benchmark({
          ...plan,
          about,
          collection,
          queries: request.queries,
          settings: { ...settings, ks: withOne(recallAt ?? request.ks), labelField: galleryField },
          // Papers leave a query itself out, and not its duplicates.
          retrieval: flags.retrieval ? { ownBy: 'id', galleryFailures: failures, nmi } : null,
        }),
    )
  } finally {
    phases.stop()
  }
}

/** @throws KindredError INVALID_ARGUMENT where none is named, or a folder or flag that means nothing */
function collectionOf({ collection, model, keep }: BenchFlags, folder: string | undefined): string {
  // It is measured with the model that it has, and stays in any case.
  const idle = model !== undefined ? '--model' : keep === true ? '--keep' : null
  if (idle !== null) {
    throw new KindredError('INVALID_ARGUMENT', `${idle} means nothing without --dataset`, {
      hint: 'kindred bench --help has examples.',
    })
  }
  if (collection !== undefined && folder === undefined) return collection
  const what =
    folder === undefined ? 'There is no --collection to measure' : `What is ${folder} for? --dataset tells`
  throw new KindredError('INVALID_ARGUMENT', what, { hint: 'kindred bench --help has examples.' })
}

/** @throws KindredError INVALID_ARGUMENT where there is nothing to cluster: not after all has been asked */
function wantsNmi({ nmi, retrieval, truth }: BenchFlags): boolean {
  if (nmi === undefined) return false
  if (retrieval && truth === undefined) return true
  throw new KindredError('INVALID_ARGUMENT', '--nmi needs pictures of classes, and quality to be measured', {
    hint: 'Name them with --queries or --dataset, without --no-retrieval.',
  })
}

/** 1 is always among the K, for classes are told by it. */
const withOne = (ks: readonly number[]): readonly number[] => (ks.includes(1) ? ks : [1, ...ks])
