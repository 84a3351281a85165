import { createHash } from 'node:crypto'
import { KindredError } from '../../../errors.js'

export const format = 1

/** The first file of a snapshot: what it is of, and how to tell that it is whole. */
export interface SnapshotManifest {
  readonly format: typeof format
  readonly collection: string
  readonly createdAt: string
  readonly model: string | null
  readonly dimensions: number
  readonly counts: { readonly items: number; readonly groups: number }
  readonly indexedAt: string | null
  readonly files: readonly SnapshotFile[]
  /** Items that have to find themselves once the snapshot is restored. */
  readonly probes: readonly string[]
}

export interface SnapshotFile {
  readonly name: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
}

/** Files that a snapshot may hold beside its manifest: nothing else is ever unpacked. */
const fileNames = /^(items\.db|graph\.json|graph-[A-Za-z0-9-]+\.hnsw)$/

/** The manifest as text, with its own checksum. */
export function writeManifest(manifest: SnapshotManifest): string {
  return `${JSON.stringify({ ...manifest, sha256: checksumOf(manifest) }, null, 2)}\n`
}

/** @throws KindredError SNAPSHOT_INVALID */
export function parseManifest(text: string): SnapshotManifest {
  const read = parseJson(text)
  if (typeof read !== 'object' || read === null) throw invalid('its manifest is not one')
  const { sha256, ...manifest } = read as Record<string, unknown>
  if (manifest['format'] !== format) throw invalid('its format is not one of this version')
  if (sha256 !== checksumOf(manifest)) throw invalid('its manifest is damaged')
  // The checksum says that kindred wrote it; the names say that nothing lands outside its folder.
  const checked = manifest as unknown as SnapshotManifest
  const names = checked.files.map(({ name }) => name)
  if (!names.includes('items.db') || !names.every((name) => fileNames.test(name))) {
    throw invalid('it holds files that a snapshot has not')
  }
  return checked
}

export const invalid = (why: string, cause?: unknown): KindredError =>
  new KindredError('SNAPSHOT_INVALID', `The snapshot cannot be used: ${why}`, { cause })

const checksumOf = (manifest: object): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('its manifest is not JSON', cause)
  }
}
