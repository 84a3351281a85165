/**
 * `npm run bench:filters`: how long a search with a filter takes and what it finds, by the share of the items that match:
 * as planned, and by each of the two ways that the planner chooses between.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { expected, toKindredError } from '../errors.js'
import { measureFilters, type FilterLatency } from './filters/measure-filters.js'

const help = `Times searches for 10 items by the share of the items that match a filter; recall@10 is against an exact scan.

  --count 20000   --dimensions 128   --clusters 200   --queries 200   --seed 1
`

const { values: given } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    dimensions: { type: 'string', default: '128' },
    clusters: { type: 'string', default: '200' },
    queries: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

const whole = (name: 'count' | 'dimensions' | 'clusters' | 'queries' | 'seed'): number => {
  const value = Number(given[name])
  if (!Number.isInteger(value) || value < 1)
    throw expected('a positive whole number', `--${name}`, given[name])
  return value
}

async function bench(folder: string): Promise<void> {
  const settings = {
    count: whole('count'),
    dimensions: whole('dimensions'),
    clusters: whole('clusters'),
    queries: whole('queries'),
    seed: whole('seed'),
  }
  const { count, dimensions, clusters, queries, seed } = settings
  console.log(
    `${count} x ${dimensions} in ${clusters} clusters, ${queries} queries for 10 items each, seed ${seed}, ` +
      `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
  )
  console.log('\n  share  matching  way                    median ms    p95 ms   first ms   recall@10')
  await measureFilters(path.join(folder, 'store'), settings, (line) => {
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

if (given.help) process.stdout.write(help)
else {
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'))
  try {
    await bench(folder)
  } catch (thrown) {
    process.stderr.write(`error: ${toKindredError(thrown).message}\n`)
    process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
