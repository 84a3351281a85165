/**
 * `npm run bench:shards`: what a graph in shards would save when it is built, and cost when it is searched. hnswlib-node adds
 * one point at a time and blocks its thread, so only graphs of their own can be built on several cores. Times are of the
 * processor, which other programs disturb least: built on as many cores, shards would take their share of it.
 */
import { EmbeddingTable } from '../../src/collections/embedded/embedding-table.js'
import { HnswGraph } from '../../src/collections/embedded/hnsw-graph.js'
import { defaultHnsw } from '../../src/collections/collection-spec.js'
import { toUnitLength } from '../../src/collections/unit-length.js'
import { reportFailure } from '../../src/cli/exit.js'
import { clusteredEmbeddings } from './clustered-embeddings.js'
import { describeMachine } from './machine.js'
import { table } from '../markdown-table.js'
import { amount, scriptOptions, whole } from '../script-options.js'

const given = scriptOptions(
  'bench:shards',
  'Builds one graph, and the same embeddings in shards; searches both, merging what the shards answer.',
  {
    items: whole(50_000, 'embeddings'),
    dimensions: whole(128, 'of an embedding'),
    classes: whole(1000, 'around whose directions they lie'),
    noise: amount(1, 'of a value, beside directions whose values are about 1'),
    queries: whole(1000, 'searched for'),
    seed: whole(1, 'of all that is random'),
  },
)

const k = 10
const shardCounts = [1, 2, 4]
const efs = [25, 50, 100, 200]

function bench(): void {
  const { items, dimensions, queries } = given
  const { embeddings } = clusteredEmbeddings({ ...given, count: items + queries })
  const row = (at: number): Float32Array =>
    toUnitLength(embeddings.slice(at * dimensions, (at + 1) * dimensions), dimensions)
  const all = new EmbeddingTable(dimensions)
  for (let at = 0; at < items; at++) all.add(at + 1, row(at))
  const asked = Array.from({ length: queries }, (_, at) => row(items + at))
  const truth = asked.map((query) => new Set(all.nearest(query, k).map(({ label }) => label)))

  console.log(`${items} x ${dimensions}, seed ${given.seed}, ${queries} queries, ${describeMachine()}\n`)
  const lines: string[][] = []
  for (const count of shardCounts) {
    const shards = Array.from({ length: count }, () =>
      HnswGraph.create({ ...defaultHnsw, dimensions }, Math.ceil(items / count)),
    )
    const build = processorSeconds(() => {
      for (let label = 1; label <= items; label++) shards[label % count]?.add(label, all.row(label))
    })
    for (const ef of efs) {
      let found = 0
      const search = processorSeconds(() => {
        for (const [at, query] of asked.entries()) {
          const labels = shards.flatMap((shard) => shard.search(query, k, ef))
          const best = all.nearestOf(labels, query, k).slice(0, k)
          found += best.filter(({ label }) => truth[at]?.has(label)).length
        }
      })
      lines.push([
        String(count),
        `${build.toFixed(1)} s`,
        `${(build / count).toFixed(1)} s`,
        String(ef),
        (found / (k * queries)).toFixed(4),
        `${((1000 * search) / queries).toFixed(2)} ms`,
      ])
    }
  }
  console.log(table(['shards', 'build', 'on as many cores', 'ef of each', `recall@${k}`, 'a search'], lines))
}

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

try {
  bench()
} catch (thrown) {
  process.exitCode = reportFailure(thrown, false)
}
