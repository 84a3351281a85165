import path from 'node:path'
import { KindredError } from '../../errors.js'
import { statSource } from '../stat-source.js'
import { openArchiveCatalogue } from './archives/archive-catalogue.js'
import type { Catalogue, CatalogueLimits } from './catalogue.js'
import { openCsvCatalogue } from './csv-catalogue.js'
import { openFolderCatalogue } from './folder-catalogue.js'
import { openJsonlCatalogue } from './jsonl-catalogue.js'
import { openNpyCatalogue } from './npy-catalogue.js'
import { pathsFrom, pathsWithin } from './picture-reference.js'

export interface OpenCatalogueOptions {
  readonly limits: CatalogueLimits
  /** Folder in which archives are unpacked, each to a folder of its own that goes when the catalogue is closed. */
  readonly under: string
  /** The ids of a `.npy`. */
  readonly ids?: string | undefined
  /**
   * Real paths of the folders in which the pictures lie that rows name, or a folder has, links followed; absent, they may
   * lie anywhere. What an archive holds is its own.
   */
  readonly within?: readonly string[] | undefined
  /** Ends the unpacking of an archive. */
  readonly signal?: AbortSignal | undefined
}

/** What a source may be, for messages. */
export const sourceKinds = 'a folder, or a file that ends in .csv, .jsonl, .npy, .zip, .tar, .tar.gz or .tgz'

/**
 * Opens what is to be indexed: a folder of pictures, a CSV, JSONL, an archive of pictures, or a matrix of embeddings.
 * Memory does not grow with it.
 *
 * @throws KindredError DATASET_INVALID, INVALID_ARGUMENT when there is no such source; ARCHIVE_INVALID; the signal's reason
 */
export async function openCatalogue(location: string, options: OpenCatalogueOptions): Promise<Catalogue> {
  const { limits, under, ids, within, signal } = options
  const { maxRowBytes } = limits
  const found = await statSource(location)
  const kind = found.isDirectory() ? 'folder' : kindOf(location)
  checkIds(location, ids, kind)
  const from = path.dirname(path.resolve(location))
  const resolve = within === undefined ? pathsFrom(from) : pathsWithin(from, within)
  switch (kind) {
    case 'folder':
      return openFolderCatalogue(location, within)
    case '.csv':
      return openCsvCatalogue(location, { resolve, maxRowBytes })
    case '.jsonl':
    case '.ndjson':
      return openJsonlCatalogue(location, { resolve, maxRowBytes })
    case '.npy':
      return openNpyCatalogue(location, ids ?? '', maxRowBytes)
    case '.zip':
    case '.tar':
    case '.tgz':
      return openArchiveCatalogue(location, { under, limits, signal })
    default:
      throw new KindredError('DATASET_INVALID', `Expected ${sourceKinds}, but received ${location}`)
  }
}

/** @throws KindredError INVALID_ARGUMENT unless a matrix comes with ids, and nothing else does */
export function checkIds(location: string, ids: string | undefined, kind = kindOf(location)): void {
  if ((ids !== undefined) === (kind === '.npy')) return
  const why = ids === undefined ? `${location} holds no ids` : `Ids are for .npy, not for ${location}`
  throw new KindredError('INVALID_ARGUMENT', why, {
    field: 'ids',
    hint: 'A file with an id a line: kindred index X.npy --ids FILE, or ids beside path in an import over HTTP.',
  })
}

const kindOf = (file: string): string =>
  /\.tar\.gz$/i.test(file) ? '.tgz' : path.extname(file).toLowerCase()
