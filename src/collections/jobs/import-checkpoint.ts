import type { SourcePosition } from '../imports/source-position.js'

/** Where an import goes on, and in which file. */
export interface ImportCheckpoint {
  readonly position: SourcePosition
  readonly signature: string | null
  /** An item that the collection has since then; null where no row was taken. */
  readonly lastId: string | null
}

export const writeCheckpoint = (checkpoint: ImportCheckpoint): string => JSON.stringify(checkpoint)

/** null for what was not written by `writeCheckpoint`: then the import starts from the first row. */
export function readCheckpoint(text: string | null): ImportCheckpoint | null {
  const value: unknown = text === null ? null : JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  const { position, signature, lastId } = value as Partial<Record<string, unknown>>
  if (typeof position !== 'object' || position === null) return null
  const { entries, digest } = position as Partial<Record<string, unknown>>
  if (typeof entries !== 'number' || typeof digest !== 'string') return null
  return {
    position: { entries, digest },
    signature: typeof signature === 'string' ? signature : null,
    lastId: typeof lastId === 'string' ? lastId : null,
  }
}
