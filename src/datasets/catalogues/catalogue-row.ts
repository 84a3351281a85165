import type { ErrorCode } from '../../errors.js'

/** What a row brings to be indexed. */
export type RowContent =
  /**
   * A picture on disk. `name` is what the catalogue calls it, for messages and uploads; `unpacked` is set where it goes when
   * the catalogue is closed.
   */
  | { readonly kind: 'file'; readonly file: string; readonly name: string; readonly unpacked?: true }
  /** A picture that is to be fetched, where the settings allow it. */
  | { readonly kind: 'url'; readonly url: string; readonly name: string }
  /** A picture that stood in the row itself. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string }
  /** An embedding made elsewhere. */
  | { readonly kind: 'embedding'; readonly values: Float32Array }

/** What else a row says: text cells, to which the collection's `fields` give types, or values that have a type. */
export type RowMetadata =
  | { readonly kind: 'cells'; readonly cells: Readonly<Record<string, string>> }
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, unknown>> }

/** One picture or embedding to index. */
export interface CatalogueRow {
  /** Line of the file on which the row ends, or its place in a folder, an archive or a matrix; from 1. */
  readonly row: number
  readonly id: string
  readonly content: RowContent
  readonly group: string | null
  readonly metadata: RowMetadata
}

/** A row that cannot be indexed; the rest of the catalogue can. */
export interface CatalogueRowError {
  readonly row: number
  /** null where the row has none. */
  readonly id: string | null
  readonly code: ErrorCode
  readonly reason: string
}

export type CatalogueEntry =
  | { readonly kind: 'row'; readonly row: CatalogueRow }
  | { readonly kind: 'error'; readonly error: CatalogueRowError }

export const noMetadata: RowMetadata = { kind: 'cells', cells: {} }

/** @param id as it stands in the row; empty where there is none */
export function rowError(
  row: number,
  id: string,
  reason: string,
  code: ErrorCode = 'DATASET_INVALID',
): CatalogueEntry {
  return { kind: 'error', error: { row, id: id === '' ? null : id, code, reason } }
}
