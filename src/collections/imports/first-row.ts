import type { CatalogueRow } from '../../datasets/catalogues/catalogue-row.js'
import type { Catalogue } from '../../datasets/catalogues/catalogue.js'

/** The first sound row of a catalogue, which says what kind of rows it has; null where there is none. */
export async function firstRow(catalogue: Catalogue): Promise<CatalogueRow | null> {
  for await (const entry of catalogue.entries()) if (entry.kind === 'row') return entry.row
  return null
}
