import path from 'node:path'
import { KindredError } from '../errors.js'
import type { CatalogueEntry, CatalogueRowError } from './catalogues/catalogue-row.js'
import { openCsvCatalogue } from './catalogues/csv-catalogue.js'
import { openFolderCatalogue } from './catalogues/folder-catalogue.js'
import { openJsonlCatalogue } from './catalogues/jsonl-catalogue.js'
import { pathsFrom } from './catalogues/picture-reference.js'
import { readCsv } from './csv-rows.js'
import { isItemId, itemIdRule } from './item-id.js'
import type { LabelledSet } from './labelled-set.js'
import { detectLayout } from './layouts/registry.js'
import { readSet, type ReadSetOptions } from './read-set.js'
import { statSource } from './stat-source.js'
import { walkPictures } from './walk-pictures.js'

/** A picture of a catalogue. */
export interface CataloguePicture {
  readonly id: string
  readonly path: string
}

/** Pictures from wherever they may come: with classes, or with ids alone. */
export type PictureSource =
  | { readonly kind: 'labelled'; readonly set: LabelledSet }
  | {
      readonly kind: 'catalogue'
      readonly rows: readonly CataloguePicture[]
      readonly errors: readonly CatalogueRowError[]
    }

/**
 * Reads a labelled set where the source is one, and a catalogue else. A set is a published layout, a folder whose
 * pictures all lie in sub-folders, or a CSV with the columns `path` and the label's; options that say how a set is read
 * make it one.
 *
 * @throws KindredError DATASET_INVALID where it is neither, or as the reader of what it is
 */
export async function readSource(location: string, options: ReadSetOptions = {}): Promise<PictureSource> {
  const asked = Object.values(options).some((value) => value !== 'auto')
  if (asked || (await isLabelled(location)))
    return { kind: 'labelled', set: await readSet(location, options) }
  const rows: CataloguePicture[] = []
  const errors: CatalogueRowError[] = []
  const seen = new Map<string, number>()
  try {
    for await (const entry of await catalogueEntries(location)) {
      const read = pictureOf(entry, seen)
      if ('path' in read) rows.push(read)
      else errors.push(read)
    }
  } catch (thrown) {
    const begun = rows.length + errors.length > 0
    if (begun || !(thrown instanceof KindredError && thrown.code === 'DATASET_INVALID')) throw thrown
    throw isNeither(location, thrown)
  }
  if (rows.length + errors.length === 0) throw isNeither(location)
  return { kind: 'catalogue', rows, errors }
}

/** Longest row of a catalogue's file. */
const maxRowBytes = 1 << 20

/** Pictures in files: those are what can be named beside an embedding. */
async function catalogueEntries(location: string): Promise<AsyncGenerator<CatalogueEntry>> {
  if ((await statSource(location)).isDirectory()) return (await openFolderCatalogue(location)).entries()
  const options = { resolve: pathsFrom(path.dirname(path.resolve(location))), maxRowBytes }
  const open = /\.(jsonl|ndjson)$/i.test(location) ? openJsonlCatalogue : openCsvCatalogue
  return (await open(location, options)).entries()
}

function pictureOf(entry: CatalogueEntry, seen: Map<string, number>): CataloguePicture | CatalogueRowError {
  if (entry.kind === 'error') return entry.error
  const { row, id, content } = entry.row
  const wrong = (reason: string): CatalogueRowError => ({ row, id, code: 'DATASET_INVALID', reason })
  if (!isItemId(id)) return wrong(`an id is ${itemIdRule}`)
  const before = seen.get(id)
  if (before !== undefined) return wrong(`the id came before, in row ${before}`)
  if (content.kind !== 'file') return wrong('only a picture in a file is embedded here')
  seen.set(id, row)
  return { id, path: content.file }
}

async function isLabelled(location: string): Promise<boolean> {
  if ((await statSource(location)).isDirectory()) {
    if (detectLayout(location) !== undefined) return true
    let pictures = 0
    for await (const relative of walkPictures(location)) {
      if (!relative.includes('/')) return false
      pictures++
    }
    return pictures > 0
  }
  // What is no CSV at all is told so by the catalogue's reader.
  const columns = await readCsv(location).then(
    async ({ header, rows }) => {
      await rows.return(undefined)
      return header
    },
    (): readonly string[] => [],
  )
  return columns.includes('path') && columns.includes('label')
}

function isNeither(location: string, cause?: KindredError): KindredError {
  const because = cause === undefined ? 'it holds no picture' : cause.message
  return new KindredError(
    'DATASET_INVALID',
    `${location} is neither a labelled set nor a catalogue: ${because}`,
    {
      cause,
      hint: 'A set is a folder with one sub-folder a class, or a CSV with the columns path and label (another: --label-column); a catalogue is a folder of pictures, or has the columns id and image',
    },
  )
}
