import { protocolKs } from '../../bench/live/dataset/protocols.js'
import { labelledQueries } from '../../bench/live/retrieval/labelled-queries.js'
import type { BenchQuery } from '../../bench/live/retrieval/query.js'
import type { LabelledImage } from '../../datasets/labelled-set.js'
import type { LayoutName } from '../../datasets/layouts/registry.js'
import { KindredError } from '../../errors.js'
import { splitRoles } from '../../evaluation/embed-sides.js'
import { testRows } from '../../evaluation/evaluate.js'
import { readSetWith, refuseIdleBoxes } from '../set-options.js'
import type { BenchFlags } from './bench-flags.js'

/** A published protocol: what is indexed, what asks, and at which K papers look. */
export interface DatasetRequest {
  readonly gallery: readonly LabelledImage[]
  readonly queries: { readonly name: string; readonly list: readonly BenchQuery[] }
  readonly ks: readonly number[]
  /** Folder that ids are relative to. */
  readonly root: string
}

/**
 * Reads a published set as `kindred evaluate` does: its test classes, each picture looked for among the others, or queries and
 * gallery as the set has them.
 *
 * @throws KindredError INVALID_ARGUMENT for flags that mean nothing here; DATASET_INVALID
 */
export async function readDataset(
  dataset: LayoutName,
  folder: string | undefined,
  flags: BenchFlags,
): Promise<DatasetRequest> {
  for (const [flag, value] of [
    ['--collection', flags.collection],
    ['--queries', flags.queries],
    ['--truth', flags.truth],
  ] as const) {
    if (value !== undefined) throw meaningless(`${flag} means nothing beside --dataset`)
  }
  if (folder === undefined) throw meaningless('--dataset needs the folder of the set')
  const set = await readSetWith(folder, { ...flags, format: dataset })
  refuseIdleBoxes(flags, [set])
  const { queries, gallery = queries } = splitRoles(flags.split === undefined ? testRows(set) : set)
  return {
    gallery: gallery.images,
    queries: { name: set.name, list: labelledQueries(queries, folder) },
    ks: protocolKs[dataset],
    root: folder,
  }
}

const meaningless = (message: string): KindredError =>
  new KindredError('INVALID_ARGUMENT', message, {
    hint: 'kindred bench http://127.0.0.1:8080 --dataset cub200 CUB_200_2011/',
  })
