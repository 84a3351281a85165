import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeDurably } from './durable-files.js'
import type { GraphFile } from './graph-file.js'
import type { GraphSettings } from './hnsw-graph.js'

const format = 1

/** What graph.json says of the graph file beside it. */
export interface Manifest extends GraphSettings, Omit<GraphFile, 'deleted'> {
  readonly format: typeof format
  /** Letters and digits. Also noted in items.db: a graph of another time than the truth is not used. */
  readonly token: string
}

const manifestPath = (folder: string): string => path.join(folder, 'graph.json')
const graphName = (token: string): string => `graph-${token}.hnsw`

/** The graph file that a manifest with this token names. */
export const graphPath = (folder: string, token: string): string => path.join(folder, graphName(token))

export const hasManifest = (folder: string): boolean => existsSync(manifestPath(folder))

/** Names the graph file of `token` as the saved graph; the files of other graphs go. */
export function writeManifest(
  folder: string,
  { bytes, sha256, dimensions, nodes }: GraphFile,
  { m, efConstruction }: GraphSettings,
  token: string,
): void {
  const manifest: Manifest = { format, token, bytes, sha256, nodes, dimensions, m, efConstruction }
  writeDurably(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`)
  removeGraphFiles(folder, graphName(token))
}

/** @throws Error where it is missing, or none of this version */
export function readManifest(folder: string): Manifest {
  const read: unknown = JSON.parse(readFileSync(manifestPath(folder), 'utf8'))
  if (!isManifest(read)) throw new Error('its manifest is not one of this version')
  return read
}

/** Removes every graph file of a collection, and the manifest, so that nothing looks like a snapshot. */
export function removeSnapshot(folder: string): void {
  rmSync(manifestPath(folder), { force: true })
  removeGraphFiles(folder)
}

/** Names of the files of the saved graph. @throws Error where its manifest is not one */
export const snapshotFiles = (folder: string): { manifest: string; graph: string } => ({
  manifest: path.basename(manifestPath(folder)),
  graph: graphName(readManifest(folder).token),
})

function removeGraphFiles(folder: string, keep?: string): void {
  for (const name of readdirSync(folder)) {
    if (/^graph-.*\.hnsw(\.tmp)?$/.test(name) && name !== keep)
      rmSync(path.join(folder, name), { force: true })
  }
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
