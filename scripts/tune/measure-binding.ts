import { createRequire } from 'node:module'
import type { HierarchicalNSW as Graph } from 'hnswlib-node'
import { clusteredEmbeddings } from '../bench/clustered-embeddings.js'
import { toUnitLength } from '../../src/collections/unit-length.js'

/*
 * In a process of its own, which a binding that does not fit may take down: loads a binding, builds a graph of seeded
 * embeddings, searches it, and prints what it measured as JSON. Arguments: the file, items, queries.
 */
const [file = '', items = '', queries = ''] = process.argv.slice(2)
const dimensions = 128
const [count, asked] = [Number(items), Number(queries)]
const binding = createRequire(import.meta.url)(file) as { HierarchicalNSW: typeof Graph; tuning?: string }
const { embeddings } = clusteredEmbeddings({ count, dimensions, classes: 200, noise: 1, seed: 1 })
const rows = Array.from({ length: count }, (_, at) =>
  Array.from(toUnitLength(embeddings.slice(at * dimensions, (at + 1) * dimensions), dimensions)),
)
const graph = new binding.HierarchicalNSW('ip', dimensions)
graph.initIndex({ maxElements: count, m: 16, efConstruction: 200 })
const build = processorSeconds(() => {
  for (const [at, row] of rows.entries()) graph.addPoint(row, at)
})
graph.setEf(100)
let found = 0
const search = processorSeconds(() => {
  for (let query = 0; query < asked; query++) {
    const at = query % count
    if (graph.searchKnn(rows[at] ?? [], 10).neighbors[0] === at) found++
  }
})
const figures = {
  tuning: binding.tuning ?? null,
  build: count / build,
  search: asked / search,
  found: found / asked,
}
process.stdout.write(JSON.stringify(figures))

/** Of this process alone, which others on a busy machine disturb least. */
function processorSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
