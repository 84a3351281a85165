import { stat } from 'node:fs/promises'
import path from 'node:path'
import { expected, KindredError } from '../errors.js'
import { excludeClasses, selectClasses } from './class-selection.js'
import type { LabelledImage, LabelledSet } from './labelled-set.js'
import { readLabelledCsv } from './read-labelled-csv.js'
import { walkPictures } from './walk-pictures.js'

const formats = ['auto', 'folder', 'csv'] as const
export type SetFormat = (typeof formats)[number]

export interface ReadSetOptions {
  /** `auto`: a folder is read as `folder`, a file as `csv`. */
  readonly format?: SetFormat
  /** Column of the CSV that holds the class; `label` when absent. */
  readonly labelColumn?: string
  /** Ranges (`0-49`) or a file with one label a line; see `selectClasses`. */
  readonly classes?: string
  readonly excludeLabels?: readonly string[]
  /** Only rows whose `split` is this, or one of these: `train,val`. */
  readonly split?: string
  /** Name of the set; by itself that of the folder, or of the CSV where that is not just `index`. */
  readonly name?: string
}

/**
 * Reads a labelled set: a folder with one sub-folder a class (pictures may lie deeper), or a labelled CSV. Classes are
 * picked from the whole set first, then excluded labels and other splits are left out. The pictures themselves are
 * not touched: one that is missing or broken shows when it is decoded, and costs a run that one picture.
 *
 * @throws KindredError DATASET_INVALID with file, line and column; INVALID_ARGUMENT for an unknown format
 */
export async function readSet(location: string, options: ReadSetOptions = {}): Promise<LabelledSet> {
  const format = await resolveFormat(location, options.format ?? 'auto')
  const images =
    format === 'folder'
      ? await readFolder(location)
      : await readLabelledCsv(location, options.labelColumn ?? 'label')
  let set: LabelledSet = { name: options.name ?? nameOf(location, format), images }
  if (options.classes !== undefined) set = await selectClasses(set, options.classes)
  if (options.excludeLabels !== undefined) set = excludeClasses(set, options.excludeLabels)
  if (options.split !== undefined) set = selectSplit(set, options.split)
  if (set.images.length === 0) {
    throw new KindredError('DATASET_INVALID', `${location} holds no labelled picture`, {
      hint: 'A set is a folder with one sub-folder of pictures a class, or a CSV with the columns path and label',
    })
  }
  return set
}

async function resolveFormat(location: string, asked: string): Promise<'folder' | 'csv'> {
  if (!formats.some((format) => format === asked))
    throw expected(`one of ${formats.join(', ')}`, '--format', asked)
  const found = await stat(location).catch((cause: unknown) => {
    throw new KindredError('DATASET_INVALID', `There is no folder or file ${location}`, { cause })
  })
  const format = found.isDirectory() ? 'folder' : 'csv'
  if (asked !== 'auto' && asked !== format) {
    throw new KindredError(
      'DATASET_INVALID',
      `${location} is a ${format === 'csv' ? 'file' : 'folder'}, not ${asked}`,
    )
  }
  return format
}

async function readFolder(folder: string): Promise<LabelledImage[]> {
  const root = path.resolve(folder)
  const images: LabelledImage[] = []
  for await (const relative of walkPictures(root)) {
    const slash = relative.indexOf('/')
    if (slash < 0) {
      throw new KindredError(
        'DATASET_INVALID',
        `The picture ${relative} lies directly in ${folder} and has no class`,
        {
          hint: 'Put every picture into a sub-folder named for its class, or list the pictures in a CSV',
        },
      )
    }
    images.push({ path: path.join(root, relative), label: relative.slice(0, slash) })
  }
  return images
}

function selectSplit(set: LabelledSet, asked: string): LabelledSet {
  const wanted = asked.split(',')
  const splits = [...new Set(set.images.flatMap((image) => image.split ?? []))].sort()
  const unknown = wanted.find((split) => !splits.includes(split))
  if (unknown !== undefined) {
    throw new KindredError('DATASET_INVALID', `${set.name} has no split ${JSON.stringify(unknown)}`, {
      hint:
        splits.length === 0
          ? 'Only a CSV with a column split has splits'
          : `Its splits are ${splits.join(', ')}`,
    })
  }
  return { ...set, images: set.images.filter(({ split }) => split !== undefined && wanted.includes(split)) }
}

function nameOf(location: string, format: 'folder' | 'csv'): string {
  const resolved = path.resolve(location)
  if (format === 'folder') return path.basename(resolved)
  const stem = path.parse(resolved).name
  return stem === 'index' ? path.basename(path.dirname(resolved)) : stem
}
