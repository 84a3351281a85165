import { Option, type Command } from 'commander'
import { arrivalKinds, type Arrivals } from '../../bench/live/load/arrivals.js'
import type { SettingName } from '../../config.js'
import { layoutNames, type LayoutName } from '../../datasets/layouts/registry.js'
import { numberWithin, wholeNumber } from '../exit.js'
import { keyOption } from '../key-option.js'
import { parseKs } from '../recall-at.js'
import { addSetOptions, type SetFlags } from '../set-options.js'
import { addSettings } from '../setting-options.js'

/** Where `--slo` stops, in requests a second. */
export const mostRate = 10_000

/** What `kindred bench` is told. */
export interface BenchFlags extends SetFlags {
  readonly collection?: string
  readonly queries?: string
  readonly truth?: string
  readonly dataset?: LayoutName
  readonly model?: string
  readonly keep?: true
  readonly labelField: string
  readonly recallAt?: readonly number[]
  readonly exact?: true
  readonly nmi?: true
  readonly ef?: number
  readonly concurrency: number
  readonly seed: number
  readonly retrieval: boolean
  readonly rate?: number
  readonly arrivals: Arrivals
  readonly clients?: number
  readonly slo?: number
  readonly maxRate?: number
  readonly duration: number
  readonly warmUp: number
  readonly connections: number
  readonly timeout: number
  readonly k: number
  readonly loadQueries: number
  readonly output?: string
  readonly report?: string
  readonly perClass?: true
  readonly key?: string
  readonly json?: true
}

/** The K of recall@K unless others are asked for. */
export const usualKs = [1, 5, 10, 100] as const

/** Only these flags are settings of the program: --model and --keep mean something else here. */
export const benchSettings = [
  'maxRowBytes',
  'maxImageBytes',
  'maxImagePixels',
  'allowSvg',
] as const satisfies readonly SettingName[]

export function addBenchOptions(command: Command): Command {
  command
    .option('--collection <name>', 'collection to measure')
    .option('--queries <set>', 'labelled pictures to ask: a folder of one folder per class, or a CSV')
    .option('--truth <file.jsonl>', 'queries and the ids of their right answers, in place of --queries')
    .addOption(
      new Option(
        '--dataset <name>',
        'a published set in [folder]: index it, ask, print what papers print, and remove it',
      ).choices(layoutNames),
    )
    .option('--model <name>', 'model that --dataset is indexed with (default: that of the server)')
    .option('--keep', 'leave the collection of --dataset on the server')
    .option('--label-field <name>', 'metadata field that holds the class of an item, or group', 'group')
    .addOption(
      new Option('--recall-at <k,k>', `the K of recall@K (default: ${usualKs.join(',')})`).argParser(parseKs),
    )
    .option('--exact', 'ask for exact answers too, to tell what the graph misses and what it saves')
    .option('--nmi', 'embed the queries a second time and cluster them: NMI, as older papers print it')
    .option(
      '--ef <n>',
      'breadth of the walk through the graph (default: as the collection has it)',
      wholeNumber(1),
    )
    .option(
      '--concurrency <n>',
      'queries under way at a time, when quality is measured',
      wholeNumber(1, 1024),
      4,
    )
    .option('--seed <n>', 'of intervals, arrivals and the order of queries', wholeNumber(0), 0)
    .option('--output <file.json>', 'write the run: what bench compare compares')
    .option('--report <file.html>', 'write a page with figures, charts and pictures, complete in one file')
    .option('--per-class', 'print the figures of every class, too')
    .addOption(keyOption())
    .option('--json', 'print the run as one JSON object')
  addLoadOptions(command)
  addSetOptions(command)
  return addSettings(command, benchSettings)
}

function addLoadOptions(command: Command): void {
  command
    .option('--no-retrieval', 'measure load alone')
    .option('--rate <n>', 'send so many searches a second, whatever becomes of them', numberWithin(0.01, 1e6))
    .addOption(
      new Option('--arrivals <kind>', 'how they come').choices(arrivalKinds).default(arrivalKinds[0]),
    )
    .option(
      '--clients <n>',
      'so many clients, each waiting for its answer before it asks again',
      wholeNumber(1, 10_000),
    )
    .option(
      '--slo <ms>',
      'find the highest rate whose p99 stays under this, beginning at --rate, or 1',
      numberWithin(0.1, 600_000),
    )
    .option('--max-rate <n>', `highest rate that --slo tries (default: ${mostRate})`, numberWithin(0.01, 1e6))
    .option('--duration <s>', 'seconds of each step that count', numberWithin(0.1, 86_400), 30)
    .option('--warm-up <s>', 'seconds before them that do not', numberWithin(0, 3600), 5)
    .option('--connections <n>', 'most connections to the server', wholeNumber(1, 60_000), 512)
    .option('--timeout <s>', 'how long an answer may take', numberWithin(0.1, 3600), 30)
    .option('--k <n>', 'answers that a search of the load asks for', wholeNumber(1), 10)
    .option(
      '--load-queries <n>',
      'most queries that are held ready and sent in turn',
      wholeNumber(1, 100_000),
      256,
    )
}
