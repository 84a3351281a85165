/**
 * `npm run bench:metrics`: how long retrieval metrics take on seeded embeddings, and the most memory that was used.
 * The embeddings are noise around one random direction a class.
 */
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { expected, toKindredError } from '../errors.js'
import type { EmbeddedSet } from '../evaluation/embedded-set.js'
import { clusteringNmi } from '../evaluation/nmi.js'
import { retrievalMetrics } from '../evaluation/retrieval-metrics.js'
import { clusteredEmbeddings } from './clustered-embeddings.js'

const help = `Times recall@K, R-precision and MAP@R, each row asked for among all the others, and NMI where it is asked for.

  --count 20000   --dimensions 512   --classes 1000   --noise 2   --seed 1
  --threads N     one a core unless given
  --nmi           cluster too (k-means, three starts)
`

const { values: given } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    dimensions: { type: 'string', default: '512' },
    classes: { type: 'string', default: '1000' },
    /** Of a value, beside directions whose values are about 1. */
    noise: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    nmi: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const whole = (name: 'count' | 'dimensions' | 'classes' | 'seed' | 'threads'): number => {
  const value = Number(given[name])
  if (!Number.isInteger(value) || value < 1)
    throw expected('a positive whole number', `--${name}`, given[name])
  return value
}

function makeSet(): EmbeddedSet {
  const [count, dimensions, classes] = [whole('count'), whole('dimensions'), whole('classes')]
  const noise = Number(given.noise)
  if (!(noise >= 0 && noise < Infinity)) throw expected('a number not below 0', '--noise', given.noise)
  const { embeddings } = clusteredEmbeddings({ count, dimensions, classes, noise, seed: whole('seed') })
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
    `${count} x ${queries.dimensions}, ${whole('classes')} classes, ${given.threads} threads on ${cpus()[0]?.model.trim() ?? ''}\n`,
  )
  const began = performance.now()
  let told = began
  const metrics = await retrievalMetrics({
    queries,
    threads: whole('threads'),
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
    const { mean, spread } = await clusteringNmi(queries, { seed: whole('seed') })
    const took = (performance.now() - started) / 1000
    process.stdout.write(
      `clustering ${took.toFixed(1)} s, NMI ${mean.toFixed(4)}, spread ${spread.toFixed(4)}\n`,
    )
  }
  const { maxRSS } = process.resourceUsage()
  process.stdout.write(`memory     ${(maxRSS / 1024).toFixed(0)} MiB resident at most\n`)
}

if (given.help) process.stdout.write(help)
else {
  await bench().catch((thrown: unknown) => {
    process.stderr.write(`error: ${toKindredError(thrown).message}\n`)
    process.exitCode = 1
  })
}
