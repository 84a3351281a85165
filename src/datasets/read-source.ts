import { KindredError } from '../errors.js'
import { readCsv } from './csv-rows.js'
import type { LabelledSet } from './labelled-set.js'
import { detectLayout } from './layouts/registry.js'
import { readCatalogue, type CatalogueRow, type CatalogueRowError } from './read-catalogue.js'
import { readSet, type ReadSetOptions } from './read-set.js'
import { statSource } from './stat-source.js'
import { walkPictures } from './walk-pictures.js'

/** Pictures from wherever they may come: with classes, or with ids alone. */
export type PictureSource =
  | { readonly kind: 'labelled'; readonly set: LabelledSet }
  | {
      readonly kind: 'catalogue'
      readonly rows: readonly CatalogueRow[]
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
  const rows: CatalogueRow[] = []
  const errors: CatalogueRowError[] = []
  try {
    for await (const entry of readCatalogue(location)) {
      if (entry.kind === 'row') rows.push(entry.row)
      else errors.push(entry.error)
    }
  } catch (thrown) {
    const begun = rows.length + errors.length > 0
    if (begun || !(thrown instanceof KindredError && thrown.code === 'DATASET_INVALID')) throw thrown
    throw isNeither(location, thrown)
  }
  if (rows.length + errors.length === 0) throw isNeither(location)
  return { kind: 'catalogue', rows, errors }
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
