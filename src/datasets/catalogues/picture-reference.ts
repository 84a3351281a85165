import path from 'node:path'
import type { ErrorCode } from '../../errors.js'
import { confinedPath } from '../confined-path.js'
import type { RowContent } from './catalogue-row.js'

/** Turns a path that stands in a row into a picture; null where it leads nowhere that the catalogue may name. */
export type ResolvePath = (
  given: string,
) => { readonly file: string; readonly name: string; readonly unpacked?: true } | null

export interface BadReference {
  readonly code: ErrorCode
  readonly reason: string
}

/** Two letters at least: `C:` is a drive. */
const scheme = /^([a-z][a-z0-9+.-]+):/i
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** What the `image` of a row stands for: a path, a data URI (RFC 2397), or a URL. */
export function resolvePicture(image: string, resolve: ResolvePath): RowContent | BadReference {
  const kind = scheme.exec(image)?.[1]?.toLowerCase()
  switch (kind) {
    case undefined: {
      const found = resolve(image)
      return found === null
        ? { code: 'DATASET_INVALID', reason: `${image} is no file that the catalogue may name` }
        : { kind: 'file', ...found }
    }
    case 'data':
      return fromDataUri(image)
    case 'http':
    case 'https':
      return { kind: 'url', url: image, name: image }
    default:
      return { code: 'DATASET_INVALID', reason: `${kind}: is neither a path, a data URI nor a web address` }
  }
}

function fromDataUri(uri: string): RowContent | BadReference {
  const comma = uri.indexOf(',')
  if (comma < 0) return { code: 'DATASET_INVALID', reason: 'the data URI has no comma' }
  const head = uri.slice('data:'.length, comma)
  const data = uri.slice(comma + 1)
  const name = 'the data URI'
  if (/;base64$/i.test(head.trimEnd())) {
    const dense = data.replace(/\s/g, '')
    // Buffer.from would leave out whatever it does not know.
    if (!base64.test(dense)) return { code: 'DATASET_INVALID', reason: 'the data URI is not base64' }
    return { kind: 'bytes', bytes: Buffer.from(dense, 'base64'), name }
  }
  return { kind: 'bytes', bytes: percentDecoded(data), name }
}

/** Bytes of a percent-encoded text, which need not be UTF-8. */
function percentDecoded(text: string): Uint8Array {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}

/** Paths relative to a folder, or absolute. */
export const pathsFrom =
  (folder: string): ResolvePath =>
  (given) => {
    const file = path.resolve(folder, given)
    return { file, name: file }
  }

/** Paths relative to a folder, or absolute, that lead into one of `within` (real paths). */
export const pathsWithin =
  (folder: string, within: readonly string[]): ResolvePath =>
  (given) => {
    const file = confinedPath(path.resolve(folder, given), within)
    return file === null ? null : { file, name: given }
  }
