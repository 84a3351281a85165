import { EmbeddingTable } from './embedding-table.js'
import { inspectGraphFile, type GraphFile, type VisitNode } from './graph-file.js'
import { graphPath, readManifest } from './graph-manifest.js'
import { HnswGraph, type GraphSettings } from './hnsw-graph.js'

const probes = 16

/** The embeddings of the truth, by label. */
export interface TrueEmbeddings {
  has(label: number): boolean
  row(label: number): Float32Array
}

export interface LoadedGraph {
  readonly graph: HnswGraph
  /** Those of its embeddings that the truth has. */
  readonly table: EmbeddingTable
}

/**
 * Loads the saved graph after checking manifest, size, checksum and settings, and probes what was loaded. The embeddings come
 * along, which saves reading them one by one from the truth: under one label there is never another.
 *
 * @param tokens the snapshots that belong to this state of the truth
 * @throws Error that says why the snapshot cannot be used
 */
export function loadSnapshot(
  folder: string,
  settings: GraphSettings,
  tokens: readonly string[],
  truth: TrueEmbeddings,
): LoadedGraph {
  const table = new EmbeddingTable(settings.dimensions)
  const { token, nodes, deleted } = checkSnapshot(folder, settings, tokens, (label, embedding) => {
    // In a file that turns out to be damaged a label may come twice, and an embedding have any length.
    if (embedding.length === settings.dimensions && truth.has(label) && !table.has(label))
      table.add(label, embedding)
  })
  const graph = HnswGraph.load(graphPath(folder, token), settings, new Set(deleted))
  if (graph.nodes !== nodes) throw new Error(`${graph.nodes} nodes were loaded, not ${nodes}`)
  probe(graph, table, truth)
  return { graph, table }
}

/** Checks the files of a snapshot without loading them. @throws Error that says why it cannot be used */
export function checkSnapshot(
  folder: string,
  settings: GraphSettings,
  tokens: readonly string[],
  visit?: VisitNode,
): GraphFile & { readonly token: string } {
  const manifest = readManifest(folder)
  const { token } = manifest
  if (!tokens.includes(token)) throw new Error('it belongs to another state of the collection')
  for (const name of ['dimensions', 'm', 'efConstruction'] as const) {
    if (manifest[name] !== settings[name]) throw new Error(`its ${name} is ${manifest[name]}`)
  }
  const file = inspectGraphFile(graphPath(folder, token), visit)
  for (const name of ['bytes', 'sha256', 'nodes', 'dimensions'] as const) {
    if (file[name] !== manifest[name])
      throw new Error(`${name} of the file is ${file[name]}, not ${manifest[name]}`)
  }
  return { ...file, token }
}

/** A few points must be what the truth says, and most must find themselves: the graph is approximate. */
function probe(graph: HnswGraph, table: EmbeddingTable, truth: TrueEmbeddings): void {
  const shared = table.labels()
  const step = Math.max(1, Math.floor(shared.length / probes))
  const sample = shared.filter((_, index) => index % step === 0).slice(0, probes)
  let found = 0
  for (const label of sample) {
    const row = truth.row(label)
    const held = [graph.embedding(label), table.row(label)]
    if (!held.every((embedding) => embedding.every((value, index) => value === row[index]))) {
      throw new Error(`its point ${label} is not the embedding that was stored`)
    }
    if (graph.search(row, 10, 100).includes(label)) found++
  }
  if (found < sample.length * 0.75)
    throw new Error(`only ${found} of ${sample.length} points find themselves`)
}
