/**
 * `npm run bench:filters`: how long a search with a filter takes and what it finds, by the share of the items that match:
 * as planned, and by each of the two ways that the planner chooses between.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { measureFilters, type FilterLatency } from './filters/measure-filters.js'
import { scriptOptions, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions(
  'bench:filters',
  'Times searches for 10 items by the share of the items that match a filter; recall@10 is against an exact scan.',
  {
    count: whole(20_000, 'embeddings'),
    dimensions: whole(128, 'of an embedding'),
    clusters: whole(200, 'in which they lie'),
    queries: whole(200, 'searched for'),
    seed: whole(1, 'of all that is random'),
  },
)

async function bench(folder: string): Promise<void> {
  const { count, dimensions, clusters, queries, seed } = given
  console.log(
    `${count} x ${dimensions} in ${clusters} clusters, ${queries} queries for 10 items each, seed ${seed}, ` +
      `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
  )
  console.log('\n  share  matching  way                    median ms    p95 ms   first ms   recall@10')
  await measureFilters(path.join(folder, 'store'), given, (line) => {
    console.log(row(line))
  })
}

const row = ({ share, matching, way, plan, median, p95, first, recall }: FilterLatency): string =>
  [
    `${(100 * share).toFixed(1)} %`.padStart(7),
    String(matching).padStart(9),
    `  ${`${way}: ${plan}`.padEnd(22)}`,
    median.toFixed(2).padStart(10),
    p95.toFixed(2).padStart(9),
    first.toFixed(2).padStart(10),
    recall.toFixed(4).padStart(11),
  ].join(' ')

await inOwnFolder(bench)
