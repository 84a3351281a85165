/**
 * `npm run bench:million`: a million ready-made embeddings through all that a collection goes through: load, restart,
 * query, delete a tenth, compact, snapshot, restore.
 */
import { table } from '../markdown-table.js'
import { beside, count, duration, mebibytes, queryCells, queryHead } from './scale/figure-text.js'
import type { EngineWork } from './scale/engine-work.js'
import type { Figures } from './scale/run-steps.js'
import { runScaleBench } from './scale/scale-options.js'
import type { ScaleSettings } from './scale/scale-settings.js'

const steps = [
  'make',
  'load',
  'build',
  'reopen',
  'delete',
  'compact',
  'reopenCompacted',
  'snapshot',
  'restore',
] as const

await runScaleBench({
  name: 'bench:million',
  about:
    'Takes a million seeded embeddings through the life of a collection, each step in a process of its own.',
  defaults: {
    items: 1_000_000,
    dimensions: 128,
    classes: 1000,
    noise: 1,
    queries: 200,
    seconds: 10,
    seed: 1,
  },
  steps,
  tell,
})

function tell(settings: ScaleSettings, about: string, figures: Figures<(typeof steps)[number]>): string {
  const { items, dimensions, classes, noise, queries, seed } = settings
  const { load, build, reopen, compact, reopenCompacted, snapshot, restore } = figures
  const deletion = figures.delete
  const rows = [
    load &&
      row(
        'import from a matrix with ids, as a job',
        load.seconds,
        `${count(load.perSecond)} items/s; the store then has ${mebibytes(load.bytes)}`,
        load,
      ),
    build &&
      row(
        'build and save the graph, on one core',
        build.seconds,
        tellWork(build.nodes.after - build.nodes.before, build),
        build,
      ),
    reopen &&
      row('restart to the first answer', reopen.seconds, 'a new process, which then searches', reopen),
    deletion &&
      row(
        'delete a tenth',
        deletion.seconds,
        `${count(deletion.deleted)} items; ${beside(deletion.searches)}; recall@10 ${deletion.recall.toFixed(4)} afterwards`,
        deletion,
      ),
    compact &&
      row('compact: a graph without them', compact.seconds, tellWork(compact.nodes.after, compact), compact),
    reopenCompacted &&
      row('restart after it', reopenCompacted.seconds, 'a new process, which then searches', reopenCompacted),
    snapshot &&
      row(
        'take a snapshot',
        snapshot.seconds,
        `one file of ${mebibytes(snapshot.bytes)}; ${beside(snapshot.searches)}`,
        snapshot,
      ),
    restore &&
      row(
        'restore it beside the collection',
        restore.seconds,
        `${count(restore.items)} items, checked`,
        restore,
      ),
    restore &&
      row(
        '`kindred doctor` on both',
        restore.verified.seconds,
        restore.verified.sound ? 'both sound' : 'NOT SOUND',
        restore,
      ),
  ]
  const searches = [
    ...(reopen?.table ?? []).map((one) => ['whole', ...queryCells(one)]),
    ...(reopenCompacted?.table ?? []).map((one) => ['nine tenths, compacted', ...queryCells(one)]),
  ]
  return [
    `${count(items)} embeddings of ${dimensions} dimensions in ${classes} clusters (noise ${noise}, seed ${seed}), ` +
      `${queries} queries. ${about}.`,
    '',
    table(
      ['step', 'time', 'what it shows', 'processor time of the process', 'its peak memory'],
      rows.filter((one) => one !== undefined),
    ),
    '',
    ...(searches.length === 0 ? [] : [table(['collection', ...queryHead], searches), '']),
    ...(restore === undefined ? ['This run is not at its end yet.'] : []),
  ].join('\n')
}

function row(
  what: string,
  took: number,
  detail: string,
  { peakMemory, processor }: { peakMemory: number; processor: number },
): string[] {
  return [what, duration(took), detail, duration(processor), mebibytes(peakMemory)]
}

/** @param points that were added */
function tellWork(points: number, { seconds, longest, searchMedian }: EngineWork): string {
  return (
    `${count(points)} points, ${count(points / seconds)} a second; a search in between takes ${searchMedian.toFixed(1)} ms ` +
    `(median) and waits ${longest.toFixed(0)} ms at most`
  )
}
