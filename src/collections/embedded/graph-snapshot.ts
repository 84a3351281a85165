import type { EmbeddingTable } from './embedding-table.js'
import { inspectGraphFile, type GraphFile } from './graph-file.js'
import { graphPath, readManifest } from './graph-manifest.js'
import { HnswGraph, type GraphSettings } from './hnsw-graph.js'

const probes = 16

/**
 * Loads the saved graph after checking manifest, size, checksum and settings, and probes what was loaded.
 *
 * @param tokens the snapshots that belong to this state of the truth
 * @param table the embeddings of the truth
 * @throws Error that says why the snapshot cannot be used
 */
export function loadSnapshot(
  folder: string,
  settings: GraphSettings,
  tokens: readonly string[],
  table: EmbeddingTable,
): HnswGraph {
  const { token, nodes, deleted } = checkSnapshot(folder, settings, tokens)
  const graph = HnswGraph.load(graphPath(folder, token), settings, new Set(deleted))
  if (graph.nodes !== nodes) throw new Error(`${graph.nodes} nodes were loaded, not ${nodes}`)
  probe(graph, table)
  return graph
}

/** Checks the files of a snapshot without loading them. @throws Error that says why it cannot be used */
export function checkSnapshot(
  folder: string,
  settings: GraphSettings,
  tokens: readonly string[],
): GraphFile & { readonly token: string } {
  const manifest = readManifest(folder)
  const { token } = manifest
  if (!tokens.includes(token)) throw new Error('it belongs to another state of the collection')
  for (const name of ['dimensions', 'm', 'efConstruction'] as const) {
    if (manifest[name] !== settings[name]) throw new Error(`its ${name} is ${manifest[name]}`)
  }
  const file = inspectGraphFile(graphPath(folder, token))
  for (const name of ['bytes', 'sha256', 'nodes', 'dimensions'] as const) {
    if (file[name] !== manifest[name])
      throw new Error(`${name} of the file is ${file[name]}, not ${manifest[name]}`)
  }
  return { ...file, token }
}

/** A few points must be what the truth says, and most must find themselves: the graph is approximate. */
function probe(graph: HnswGraph, table: EmbeddingTable): void {
  const shared = [...graph.labels].filter((label) => table.has(label))
  const step = Math.max(1, Math.floor(shared.length / probes))
  const sample = shared.filter((_, index) => index % step === 0).slice(0, probes)
  let found = 0
  for (const label of sample) {
    const row = table.row(label)
    if (!graph.embedding(label).every((value, index) => value === row[index])) {
      throw new Error(`its point ${label} is not the embedding that was stored`)
    }
    if (graph.search(row, 10, 100).includes(label)) found++
  }
  if (found < sample.length * 0.75)
    throw new Error(`only ${found} of ${sample.length} points find themselves`)
}
