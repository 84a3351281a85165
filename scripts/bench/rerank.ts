/**
 * `npm run bench:rerank`: what re-ranking, collapsing and making diverse bring and cost: pictures of a labelled set, each
 * asked for among all the others.
 */
import { existsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import type { Refinement } from '../../src/collections/embedded/collection-calls.js'
import { loadConfig } from '../../src/config.js'
import { readSet } from '../../src/datasets/read-set.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { embedSet } from '../../src/evaluation/embed-set.js'
import type { Interval } from '../../src/evaluation/bootstrap.js'
import { measureWays, type Way, type WayFigures } from './rerank/measure-ways.js'
import { scriptOptions, text, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const config = loadConfig({ env: process.env })
const given = scriptOptions(
  'bench:rerank',
  'Recall@1, Recall@10, MAP@R and milliseconds of processor time a query of searches with and without re-ranking.',
  {
    set: text(
      'FOLDER',
      path.join(config.data, 'cub-half'),
      'one sub-folder a class; by default the first hundred classes of CUB-200-2011, where KINDRED_DATA points',
    ),
    classes: text('RANGE', '50-99', 'those asked for, and searched'),
    model: text('BUNDLE', 'models/imagenet', 'that embeds them'),
    queries: whole(500, 'pictures asked for, evenly spread'),
  },
)

const way = (name: string, candidates: number, refinement: Omit<Refinement, 'candidates'>): Way => ({
  name: `${name}, ${candidates}`,
  refinement: { ...refinement, candidates },
})
const ways: readonly Way[] = [
  { name: 'by score', refinement: null },
  way('query-expansion', 100, { rerank: 'query-expansion' }),
  way('query-expansion', 200, { rerank: 'query-expansion' }),
  way('k-reciprocal', 100, { rerank: 'k-reciprocal' }),
  way('k-reciprocal', 200, { rerank: 'k-reciprocal' }),
  way('k-reciprocal', 500, { rerank: 'k-reciprocal' }),
  way('diversity 0.3', 200, { diversity: 0.3 }),
  way('collapse 0.9', 200, { collapse: 0.9 }),
]

async function bench(folder: string): Promise<void> {
  const { queries } = given
  if (!existsSync(given.set)) {
    console.log(
      `skipped: ${given.set} is not there. Bring CUB-200-2011 into that layout with scripts/prepare-data.ts`,
    )
    return
  }
  const set = await readSet(given.set, { format: 'folder', classes: given.classes })
  const bundle = await loadBundle(given.model)
  const embedder = await createOnnxEmbedder(bundle, {
    provider: config.provider,
    threads: config.embedThreads,
    maxBatch: config.embedBatch,
  })
  const embedded = await embedSet(embedder, set, { onProgress: progress('embedded') }).finally(() =>
    embedder.close(),
  )
  console.log(
    `${embedded.labels.length} x ${embedded.dimensions} by ${bundle.model}, classes ${given.classes} of ${path.basename(given.set)}, ` +
      `${Math.min(queries, embedded.labels.length)} of them asked for; ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ` +
      `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
  )
  const figures = await measureWays(path.join(folder, 'store'), embedded, ways, queries, progress('asked'))
  console.log(
    '\nway, candidates        Recall@1  Recall@10  MAP@R   difference in Recall@1   in MAP@R              median ms   p95 ms',
  )
  for (const line of figures) console.log(row(line))
}

function progress(what: string): (done: number, total: number) => void {
  let told = performance.now()
  return (done, total) => {
    if (performance.now() - told < 10_000) return
    told = performance.now()
    console.error(`${what} ${done} of ${total}`)
  }
}

const percent = (share: number): string => (100 * share).toFixed(1)
const interval = ({ mean, low, high }: Interval): string =>
  `${percent(mean)} (${percent(low)} to ${percent(high)})`

const row = ({ name, recall1, recall10, mapAtR, over, ...times }: WayFigures): string =>
  [
    name.padEnd(22),
    percent(recall1).padStart(8),
    percent(recall10).padStart(10),
    percent(mapAtR).padStart(6),
    `   ${interval(over.recall1).padEnd(22)}`,
    interval(over.mapAtR).padEnd(20),
    times.median.toFixed(1).padStart(10),
    times.p95.toFixed(1).padStart(8),
  ].join(' ')

await inOwnFolder(bench)
