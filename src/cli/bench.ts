import { Command } from 'commander'
import { benchmark, type BenchPhase } from '../bench/live/benchmark.js'
import type { BenchRun } from '../bench/live/bench-run.js'
import { writeRun } from '../bench/live/run-file.js'
import { serverFacts } from '../bench/live/server-facts.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { addBenchOptions, usualKs, type BenchFlags } from './benching/bench-flags.js'
import { runText } from './benching/bench-text.js'
import { commandLine, withoutPassword } from './benching/command-line.js'
import { compareCommand } from './benching/compare-command.js'
import { gatherQueries } from './benching/gather-queries.js'
import { untilInterrupted } from './interrupt.js'
import { startPhases } from './phases.js'
import { openClient } from './remote/open-client.js'
import { reportSkipped } from './report-skipped.js'
import { configOf } from './setting-options.js'
import { version } from './version.js'

const examples = `
Examples:
  kindred bench http://127.0.0.1:8080 --collection shop --queries photos/ --label-field product
  kindred bench http://127.0.0.1:8080 --collection shop --truth truth.jsonl --exact --output run.json
  kindred bench compare before.json after.json --max-drop 0.01`

/** `kindred bench`: how well, and how fast, a running server answers. */
export function benchCommand(): Command {
  const command = addBenchOptions(new Command('bench').enablePositionalOptions())
    .description('Measure a running server: retrieval on labelled queries.')
    .argument('<url>', 'the server, such as http://127.0.0.1:8080')
    .addHelpText('after', examples)
    .action(async (url: string, flags: BenchFlags) => {
      const config = configOf(command)
      const { result: run } = await untilInterrupted((signal) => measure(url, flags, config, signal))
      if (flags.output !== undefined) await writeRun(flags.output, run)
      process.stdout.write(flags.json ? `${JSON.stringify(run)}\n` : runText(run, flags.perClass === true))
      reportSkipped(run.retrieval?.failures ?? [])
    })
  command.addCommand(compareCommand())
  return command
}

async function measure(
  url: string,
  flags: BenchFlags,
  config: Config,
  signal: AbortSignal,
): Promise<BenchRun> {
  const { collection, key, labelField, seed, concurrency, exact, ef } = flags
  if (collection === undefined) {
    throw new KindredError('INVALID_ARGUMENT', 'There is no --collection to measure', {
      hint: 'kindred bench --help has examples.',
    })
  }
  const client = openClient(url, key)
  const queries = await gatherQueries(flags, config.maxRowBytes)
  const phases = startPhases<BenchPhase>(flags.json === true)
  return benchmark({
    url: withoutPassword(url),
    client,
    facts: serverFacts(url, key),
    kindred: version,
    command: commandLine(process.argv.slice(2)),
    collection,
    queries,
    settings: { labelField, ks: ksOf(flags), seed, concurrency, exact: exact === true, ef: ef ?? null },
    retrieval: { pageSize: config.maxK, ownBy: 'id-or-hash', limits: imageLimitsFrom(config) },
    onProgress: phases.update,
    signal,
  }).finally(phases.stop)
}

/** 1 is always among them, for classes are told by it. */
const ksOf = ({ recallAt = usualKs }: BenchFlags): readonly number[] =>
  recallAt.includes(1) ? recallAt : [1, ...recallAt]
