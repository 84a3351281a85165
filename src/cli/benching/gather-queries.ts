import path from 'node:path'
import { labelledQueries } from '../../bench/live/retrieval/labelled-queries.js'
import type { BenchQuery } from '../../bench/live/retrieval/query.js'
import { readTruth } from '../../bench/live/retrieval/read-truth.js'
import { statSource } from '../../datasets/stat-source.js'
import { KindredError } from '../../errors.js'
import { splitRoles } from '../../evaluation/embed-sides.js'
import { testRows } from '../../evaluation/evaluate.js'
import { readSetWith, refuseIdleBoxes } from '../set-options.js'
import type { BenchFlags } from './bench-flags.js'

/**
 * The queries that `--queries` or `--truth` names; of a set with a split `test` only that, unless one is named, and of a
 * set that marks queries only those.
 *
 * @param maxRowBytes longest line of a `--truth`
 * @throws KindredError INVALID_ARGUMENT where neither or both are named; DATASET_INVALID
 */
export async function gatherQueries(
  flags: BenchFlags,
  maxRowBytes: number,
): Promise<{ readonly name: string; readonly list: readonly BenchQuery[] }> {
  const { queries, truth, split } = flags
  if ((queries === undefined) === (truth === undefined)) {
    throw new KindredError('INVALID_ARGUMENT', 'One of --queries and --truth must say what to ask', {
      hint: 'kindred bench --help has examples.',
    })
  }
  if (truth !== undefined && flags.boxes === 'crop') {
    throw new KindredError(
      'INVALID_ARGUMENT',
      '--boxes crop means nothing with --truth, which gives no boxes',
    )
  }
  if (truth !== undefined) return { name: path.parse(truth).name, list: await readTruth(truth, maxRowBytes) }
  const location = queries ?? ''
  const set = await readSetWith(location, flags)
  refuseIdleBoxes(flags, [set])
  const { queries: asked } = splitRoles(split === undefined ? testRows(set) : set)
  return { name: set.name, list: labelledQueries(asked, await rootOf(location)) }
}

/** The folder that the set's pictures lie under: its own, or that of its CSV. */
export async function rootOf(location: string): Promise<string> {
  return (await statSource(location)).isDirectory() ? location : path.dirname(location)
}
