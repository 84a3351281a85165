import path from 'node:path'
import type { CatalogueEntry } from '../../../src/datasets/catalogues/catalogue-row.js'
import type { CatalogueLimits } from '../../../src/datasets/catalogues/catalogue.js'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'

export const roomy: CatalogueLimits = {
  maxRowBytes: 1 << 20,
  maxArchiveMembers: 1000,
  maxArchiveMemberBytes: 1 << 20,
  maxArchiveBytes: 1 << 22,
}

/** Every entry of a source; archives are unpacked, and removed, beside it. */
export async function readAll(
  location: string,
  { ids, limits }: { ids?: string; limits?: Partial<CatalogueLimits> } = {},
): Promise<CatalogueEntry[]> {
  const under = path.join(path.dirname(location), 'unpacked')
  const catalogue = await openCatalogue(location, { ids, limits: { ...roomy, ...limits }, under })
  try {
    const entries: CatalogueEntry[] = []
    for await (const entry of catalogue.entries()) entries.push(entry)
    return entries
  } finally {
    await catalogue.close()
  }
}

/** What a source says in short: of a row its id and content, of an error its row, id and code. */
export const inShort = (entries: readonly CatalogueEntry[]): unknown[] =>
  entries.map((entry) =>
    entry.kind === 'row'
      ? [entry.row.id, 'name' in entry.row.content ? entry.row.content.name : [...entry.row.content.values]]
      : [entry.error.row, entry.error.id, entry.error.code],
  )
