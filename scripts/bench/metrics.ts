/**
 * `npm run bench:metrics`: how long retrieval metrics take on seeded embeddings, and the most memory that was used.
 * The embeddings are noise around one random direction a class.
 */
import { availableParallelism, cpus } from 'node:os'
import { reportFailure } from '../../src/cli/exit.js'
import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'
import { clusteringNmi } from '../../src/evaluation/nmi.js'
import { retrievalMetrics } from '../../src/evaluation/retrieval-metrics.js'
import { clusteredEmbeddings } from './clustered-embeddings.js'
import { amount, flag, scriptOptions, whole } from '../script-options.js'

const given = scriptOptions(
  'bench:metrics',
  'Times recall@K, R-precision and MAP@R, each row asked for among all the others, and NMI where it is asked for.',
  {
    count: whole(20_000, 'embeddings'),
    dimensions: whole(512, 'of an embedding'),
    classes: whole(1000, 'around whose directions they lie'),
    noise: amount(2, 'of a value, beside directions whose values are about 1'),
    seed: whole(1, 'of all that is random'),
    threads: whole(availableParallelism(), 'one a core unless given'),
    nmi: flag('cluster, too (k-means, three starts)'),
  },
)

function makeSet(): EmbeddedSet {
  const { count, dimensions, classes } = given
  const { embeddings } = clusteredEmbeddings(given)
  return {
    embeddings,
    dimensions,
    labels: Array.from({ length: count }, (_, row) => `class ${row % classes}`),
  }
}

async function bench(): Promise<void> {
  const queries = makeSet()
  const { length: count } = queries.labels
  process.stdout.write(
    `${count} x ${queries.dimensions}, ${given.classes} classes, ${given.threads} threads on ${cpus()[0]?.model.trim() ?? ''}\n`,
  )
  const began = performance.now()
  let told = began
  const metrics = await retrievalMetrics({
    queries,
    threads: given.threads,
    onProgress: (done) => {
      if (performance.now() - told < 10_000) return
      told = performance.now()
      process.stderr.write(`${done} queries, ${((told - began) / 1000).toFixed(0)} s\n`)
    },
  })
  const seconds = (performance.now() - began) / 1000
  const rate = (count * count * queries.dimensions) / seconds / 1e9
  process.stdout.write(
    `retrieval  ${seconds.toFixed(1)} s, ${((1000 * seconds) / count).toFixed(2)} ms a query, ` +
      `${rate.toFixed(1)} thousand million products of values a second\n` +
      `           Recall@1 ${metrics.recall['1']?.toFixed(4) ?? ''}, MAP@R ${metrics.mapAtR.toFixed(4)}\n`,
  )
  if (given.nmi) {
    const started = performance.now()
    const { mean, spread } = await clusteringNmi(queries, { seed: given.seed })
    const took = (performance.now() - started) / 1000
    process.stdout.write(
      `clustering ${took.toFixed(1)} s, NMI ${mean.toFixed(4)}, spread ${spread.toFixed(4)}\n`,
    )
  }
  const { maxRSS } = process.resourceUsage()
  process.stdout.write(`memory     ${(maxRSS / 1024).toFixed(0)} MiB resident at most\n`)
}

await bench().catch((thrown: unknown) => {
  process.exitCode = reportFailure(thrown, false)
})
