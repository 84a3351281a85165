import type { CatalogueEntry } from './catalogue-row.js'

/** Rows to index, whatever they come from. */
export interface Catalogue {
  /**
   * Streams the rows from the first, in the same order each time. What is wrong with one comes as a value in its place;
   * pictures are not opened. Whether an id came before is for whoever keeps them.
   *
   * Throws KindredError DATASET_INVALID, INVALID_ARGUMENT when the source breaks off.
   */
  entries(): AsyncGenerator<CatalogueEntry>
  /** Share of the source that the newest `entries` has given rows of, 0 to 1; null where that cannot be told. */
  share(): number | null
  /** Changes when the file does; null for a folder, which nothing cheap tells of. */
  readonly signature: string | null
  /** Removes what was unpacked. */
  close(): Promise<void>
}

/** What a catalogue may cost; each is a setting of the same name. */
export interface CatalogueLimits {
  readonly maxRowBytes: number
  readonly maxArchiveMembers: number
  readonly maxArchiveMemberBytes: number
  readonly maxArchiveBytes: number
}
