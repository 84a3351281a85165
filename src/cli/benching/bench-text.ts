import type { BenchRun } from '../../bench/live/bench-run.js'
import type { Comparison } from '../../bench/live/compare.js'
import type { RetrievalRun } from '../../bench/live/retrieval/retrieval-run.js'
import { percent } from '../percent.js'
import { classTable, figureLines, nmiLine } from '../retrieval-table.js'
import { loadText } from './load-text.js'

/** A run as a person reads it. */
export const runText = (run: BenchRun, perClass: boolean): string =>
  [
    `${run.collection.name} (${run.collection.model ?? 'no model'}) on ${run.server.url}\n`,
    run.endedBy == null ? '' : `the run ended early: ${run.endedBy.reason}\n`,
    run.retrieval === null ? '' : retrievalText(run.retrieval, run.data.name),
    run.retrieval !== null && perClass ? classesText(run.retrieval) : '',
    run.load === null ? '' : loadText(run.load),
  ].join('')

function retrievalText(retrieval: RetrievalRun, data: string): string {
  const { counts, graph, nmi, timings } = retrieval
  return [
    `${data}: ${counts.queries} queries of ${counts.classes} classes, ${counts.gallery} items`,
    counts.own > 0 ? `, ${counts.own} queries are items themselves` : '',
    counts.leftOut > 0 ? `, ${counts.leftOut} left out (nothing right to find)` : '',
    counts.absent > 0 ? `, ${counts.absent} right answers are not in the collection` : '',
    counts.failed > 0 ? `, ${counts.failed} skipped (unreadable, too large, or not in the collection)` : '',
    '\n',
    figureLines(retrieval),
    nmi == null ? '' : nmiLine(nmi),
    `  the server took ${ms(timings.total)} an answer: decode ${ms(timings.decode)}, embed ${ms(timings.embed)}, search ${ms(timings.search)}\n`,
    graph === null ? '' : graphText(graph),
  ].join('')
}

const classesText = ({ perClass }: RetrievalRun): string =>
  perClass.length > 0 ? classTable(perClass) : '  no figures by class: some queries have none\n'

const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`

function graphText({ recall, walked, asked, graphMs, exactMs }: NonNullable<RetrievalRun['graph']>): string {
  if (graphMs === null || exactMs === null)
    return '  the server compares with every item by itself: there is no graph to measure\n'
  const found = Object.entries(recall).map(([k, share]) => `@${k} ${percent(share)}`)
  return (
    `  the graph answered ${walked} of ${asked}; of the exact answers it found ${found.join(', ')}; ` +
    `a search took ${ms(graphMs)} in place of ${ms(exactMs)}\n`
  )
}

/** A comparison as a person reads it. */
export function comparisonText({
  queries,
  unpaired,
  measures,
  differs,
  p99,
  regressions,
}: Comparison): string {
  const points = (share: number): string => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)}`
  return [
    `${queries} queries are in both runs`,
    unpaired > 0 ? `, ${unpaired} in one alone` : '',
    '\n',
    ...measures.map(
      ({ name, before, after, mean, low, high }) =>
        `  ${name.padEnd(14)}${percent(before).padStart(8)} -> ${percent(after).padStart(8)}  ` +
        `${points(mean)} points (95 %: ${points(low)} to ${points(high)})${regressions.includes(name) ? '  worse than allowed' : ''}\n`,
    ),
    p99 === null
      ? ''
      : `  p99           ${ms(p99.before).padStart(8)} -> ${(p99.after === null ? 'no answer' : ms(p99.after)).padStart(8)}${regressions.includes('p99') ? '  slower than allowed' : ''}\n`,
    ...differs.map(({ what, before, after }) => `  not the same: ${what}: ${before} -> ${after}\n`),
  ].join('')
}
