import { createHash } from 'node:crypto'
import type { BundleManifest } from './manifest.js'

/**
 * First 12 hex digits of SHA-256 over everything that decides an embedding: the digests of the bundle's files, how
 * a picture is prepared, and the names of the graph's input and output. Descriptions and figures may change freely.
 */
export function fingerprintOf(manifest: Pick<BundleManifest, 'files' | 'input' | 'onnx'>): string {
  const files = Object.fromEntries(Object.entries(manifest.files).map(([name, { sha256 }]) => [name, sha256]))
  const decisive = canonicalJson({ files, input: manifest.input, onnx: manifest.onnx })
  return createHash('sha256').update(decisive).digest('hex').slice(0, 12)
}

/** JSON with the keys of every object in code point order and no white space, as in RFC 8785. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  )
}
