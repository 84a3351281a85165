import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { publishFile, writeDurably } from './durable-files.js'
import type { EmbeddingTable } from './embedding-table.js'
import { inspectGraphFile } from './graph-file.js'
import { HnswGraph, type GraphSettings } from './hnsw-graph.js'

const format = 1
const probes = 16

/** What graph.json says of the graph file beside it. */
interface Manifest extends GraphSettings {
  readonly format: typeof format
  /** Also noted in items.db: a graph of another time than the truth is not used. */
  readonly token: string
  readonly bytes: number
  readonly sha256: string
  readonly nodes: number
}

const manifestPath = (folder: string): string => path.join(folder, 'graph.json')
const graphName = (token: string): string => `graph-${token}.hnsw`

/**
 * Saves a graph: the file under a temporary name, checked, on disk, renamed; the manifest last. The snapshot before
 * stays valid until then.
 *
 * @param token letters and digits, new for each snapshot
 * @throws Error when what hnswlib wrote is not a whole graph
 */
export function saveSnapshot(folder: string, graph: HnswGraph, settings: GraphSettings, token: string): void {
  const file = path.join(folder, graphName(token))
  const temporary = `${file}.tmp`
  graph.write(temporary)
  const { bytes, sha256, nodes, dimensions } = inspectGraphFile(temporary)
  if (nodes !== graph.nodes || dimensions !== settings.dimensions) {
    throw new Error(`The graph file has ${nodes} nodes of ${dimensions} dimensions, not ${graph.nodes}`)
  }
  publishFile(temporary, file)
  const { m, efConstruction } = settings
  const manifest: Manifest = { format, token, bytes, sha256, nodes, dimensions, m, efConstruction }
  writeDurably(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`)
  removeGraphFiles(folder, graphName(token))
}

/** Removes every graph file of a collection, and the manifest, so that nothing looks like a snapshot. */
export function removeSnapshot(folder: string): void {
  rmSync(manifestPath(folder), { force: true })
  removeGraphFiles(folder)
}

/** Names of the files of the saved graph. @throws Error where its manifest is not one */
export const snapshotFiles = (folder: string): string[] => [
  path.basename(manifestPath(folder)),
  graphName(readManifest(manifestPath(folder)).token),
]

export const hasManifest = (folder: string): boolean => existsSync(manifestPath(folder))

function removeGraphFiles(folder: string, keep?: string): void {
  for (const name of readdirSync(folder)) {
    if (/^graph-.*\.hnsw(\.tmp)?$/.test(name) && name !== keep)
      rmSync(path.join(folder, name), { force: true })
  }
}

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
  const manifest = checkSnapshot(folder, settings, tokens)
  const graph = HnswGraph.load(path.join(folder, graphName(manifest.token)), settings)
  if (graph.nodes !== manifest.nodes)
    throw new Error(`${graph.nodes} nodes were loaded, not ${manifest.nodes}`)
  probe(graph, table)
  return graph
}

/** Checks the files of a snapshot without loading them. @throws Error that says why it cannot be used */
export function checkSnapshot(folder: string, settings: GraphSettings, tokens: readonly string[]): Manifest {
  const manifest = readManifest(manifestPath(folder))
  if (!tokens.includes(manifest.token)) throw new Error('it belongs to another state of the collection')
  for (const name of ['dimensions', 'm', 'efConstruction'] as const) {
    if (manifest[name] !== settings[name]) throw new Error(`its ${name} is ${manifest[name]}`)
  }
  const file = inspectGraphFile(path.join(folder, graphName(manifest.token)))
  for (const name of ['bytes', 'sha256', 'nodes', 'dimensions'] as const) {
    if (file[name] !== manifest[name])
      throw new Error(`${name} of the file is ${file[name]}, not ${manifest[name]}`)
  }
  return manifest
}

function readManifest(file: string): Manifest {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isManifest(read)) throw new Error('its manifest is not one of this version')
  return read
}

function isManifest(read: unknown): read is Manifest {
  if (typeof read !== 'object' || read === null) return false
  const entries = new Map(Object.entries(read))
  const numbers = ['bytes', 'nodes', 'dimensions', 'm', 'efConstruction']
  return (
    entries.get('format') === format &&
    typeof entries.get('sha256') === 'string' &&
    /^[A-Za-z0-9-]+$/.test(String(entries.get('token'))) &&
    numbers.every((name) => Number.isSafeInteger(entries.get(name)))
  )
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
