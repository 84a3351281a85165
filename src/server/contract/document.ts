import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A JSON Schema (2020-12) as it stands in the contract, its references followed. */
export type Schema = Readonly<Record<string, unknown>>

export interface OperationDocument {
  readonly operationId: string
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly 'x-limited-keys'?: boolean
  readonly 'x-takes-time'?: true
  readonly 'x-collection'?: 'may-be-missing'
  readonly parameters?: readonly {
    readonly name: string
    readonly in: 'path' | 'query' | 'header'
    readonly required?: boolean
    readonly description?: string
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

/** `x-spool` marks a multipart body whose file goes to disk, not to memory. */
type Content = Readonly<Record<string, { readonly schema: Schema; readonly 'x-spool'?: true }>>

/** openapi.yaml: what requests and answers look like. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationDocument>>>>
}

/** openapi.yaml lies at the top of the package, three folders above this file in src/ and in dist/ alike. */
const location = new URL('../../../openapi.yaml', import.meta.url)

/**
 * Reads the contract twice over: as it is written, to be shown, and with every reference replaced by what it refers
 * to, to be worked with. The contract is ours and is held against its own types by the tests.
 */
export function readApiDocument(): { written: object; resolved: ApiDocument } {
  const written = parse(readFileSync(location, 'utf8')) as object
  return { written, resolved: resolveReferences(written, written) as ApiDocument }
}

/** Replaces `{ $ref: '#/...' }` by what it refers to; keys beside a $ref win over the referred ones. */
function resolveReferences(value: unknown, root: object): unknown {
  if (Array.isArray(value)) return value.map((entry) => resolveReferences(entry, root))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...own } = value as Record<string, unknown>
  const resolved = Object.fromEntries(
    Object.entries(own).map(([key, entry]) => [key, resolveReferences(entry, root)]),
  )
  if (typeof $ref !== 'string') return resolved
  return { ...(resolveReferences(pointed($ref, root), root) as object), ...resolved }
}

function pointed(reference: string, root: object): unknown {
  const keys = reference.replace(/^#\//, '').split('/')
  return keys.reduce<unknown>((at, key) => {
    const next = (at as Record<string, unknown> | undefined)?.[key]
    if (next === undefined) throw new Error(`openapi.yaml refers to ${reference}, which is not there`)
    return next
  }, root)
}
