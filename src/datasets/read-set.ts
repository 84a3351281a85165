import path from 'node:path'
import { expected, KindredError } from '../errors.js'
import { splitInHalves } from './class-halves.js'
import { excludeClasses, selectClasses } from './class-selection.js'
import type { LabelledImage, LabelledSet } from './labelled-set.js'
import { detectLayout, layoutNames, layouts, type LayoutName } from './layouts/registry.js'
import { readLabelledCsv } from './read-labelled-csv.js'
import { statSource } from './stat-source.js'
import { walkPictures } from './walk-pictures.js'

/** How a set may lie on disk, `auto` apart. */
type FoundFormat = 'folder' | 'csv' | LayoutName

export const setFormats = ['auto', 'folder', 'csv', ...layoutNames] as const
export type SetFormat = (typeof setFormats)[number]

/** Where an image's split comes from. */
export const splitSources = ['auto', 'published', 'class-halves'] as const
export type SplitSource = (typeof splitSources)[number]

/** What becomes of boxes that the set gives. */
export const boxUses = ['auto', 'crop', 'ignore'] as const
export type BoxUse = (typeof boxUses)[number]

export interface ReadSetOptions {
  /** `auto`: a folder is read as the published layout that its files tell, else as `folder`; a file as `csv`. */
  readonly format?: SetFormat
  /**
   * `published`: the split that the set states; `class-halves`: see `splitInHalves`, over all classes of the set;
   * `auto`: what papers on metric learning do with a published layout, else `published`.
   */
  readonly splitBy?: SplitSource
  /** `auto`: the boxes of a CSV crop; those of a published layout do not, for published figures are without. */
  readonly boxes?: BoxUse
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
 * Reads a labelled set: a folder with one sub-folder a class (pictures may lie deeper), a labelled CSV, or a published
 * data set as it unpacks. Classes are picked from the whole set first, then excluded labels and other splits are left out. The pictures themselves are
 * not touched: one that is missing or broken shows when it is decoded, and costs a run that one picture.
 *
 * @throws KindredError DATASET_INVALID with file, line and column; INVALID_ARGUMENT for an unknown format
 */
export async function readSet(location: string, options: ReadSetOptions = {}): Promise<LabelledSet> {
  const format = await resolveFormat(location, options.format ?? 'auto')
  const images = await readImages(location, format, options)
  let set: LabelledSet = { name: options.name ?? nameOf(location, format), images }
  if (halvesClasses(format, options.splitBy ?? 'auto')) set = splitInHalves(set)
  if (options.classes !== undefined) set = await selectClasses(set, options.classes)
  if (options.excludeLabels !== undefined) set = excludeClasses(set, options.excludeLabels)
  if (options.split !== undefined) set = selectSplit(set, options.split)
  if (set.images.length === 0) {
    throw new KindredError('DATASET_INVALID', `${location} holds no labelled picture`, {
      hint: `A set is a folder with one sub-folder of pictures a class, a CSV with the columns path and label, or one of ${layoutNames.join(', ')} as published`,
    })
  }
  return set
}

async function resolveFormat(location: string, asked: SetFormat): Promise<FoundFormat> {
  if (!setFormats.some((format) => format === asked))
    throw expected(`one of ${setFormats.join(', ')}`, '--format', asked)
  const found = await statSource(location)
  const isFolder = found.isDirectory()
  if (asked === 'auto') return isFolder ? (detectLayout(location) ?? 'folder') : 'csv'
  if (isFolder === (asked === 'csv')) {
    throw new KindredError(
      'DATASET_INVALID',
      `${location} is a ${isFolder ? 'folder' : 'file'}, not ${asked}`,
    )
  }
  return asked
}

const isLayout = (format: FoundFormat): format is LayoutName => format !== 'folder' && format !== 'csv'

async function readImages(
  location: string,
  format: FoundFormat,
  { labelColumn = 'label', boxes = 'auto' }: ReadSetOptions,
): Promise<LabelledImage[]> {
  if (isLayout(format)) return layouts[format].read(location, { boxes: boxes === 'crop' })
  if (format === 'folder') return readFolder(location)
  return readLabelledCsv(location, { labelColumn, boxes: boxes !== 'ignore' })
}

function halvesClasses(format: FoundFormat, splitBy: SplitSource): boolean {
  if (splitBy !== 'auto') return splitBy === 'class-halves'
  return isLayout(format) && layouts[format].convention === 'class-halves'
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

/** Only the pictures of a split, or of several: `train,val`. @throws KindredError DATASET_INVALID for one it has not */
export function selectSplit(set: LabelledSet, asked: string): LabelledSet {
  const wanted = asked.split(',')
  const splits = [...new Set(set.images.flatMap((image) => image.split ?? []))].sort()
  const unknown = wanted.find((split) => !splits.includes(split))
  if (unknown !== undefined) {
    throw new KindredError('DATASET_INVALID', `${set.name} has no split ${JSON.stringify(unknown)}`, {
      hint:
        splits.length === 0
          ? 'A CSV with a column split has splits, and so has a published set; --split-by class-halves gives them to any'
          : `Its splits are ${splits.join(', ')}`,
    })
  }
  return { ...set, images: set.images.filter(({ split }) => split !== undefined && wanted.includes(split)) }
}

function nameOf(location: string, format: FoundFormat): string {
  const resolved = path.resolve(location)
  if (format !== 'csv') return path.basename(resolved)
  const stem = path.parse(resolved).name
  return stem === 'index' ? path.basename(path.dirname(resolved)) : stem
}
