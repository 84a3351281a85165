import { Option, type Command } from 'commander'
import type { LabelledSet } from '../datasets/labelled-set.js'
import {
  boxUses,
  readSet,
  selectSplit,
  setFormats,
  splitSources,
  type BoxUse,
  type ReadSetOptions,
  type SetFormat,
  type SplitSource,
} from '../datasets/read-set.js'
import { expected, KindredError } from '../errors.js'

/** The flags that say how a labelled set is read, the same for every command that takes one. */
export function addSetOptions(command: Command): Command {
  // No defaults of commander's: a configuration file may say something else.
  return command
    .addOption(new Option('--format <format>', 'layout of the set (default: auto)').choices(setFormats))
    .option('--label-column <name>', 'column of a CSV that holds the class (default: label)')
    .option('--classes <range|file>', 'only these classes: 0-49 in their order, or a file with one a line')
    .option('--exclude-labels <a,b>', 'classes left out')
    .addOption(
      new Option(
        '--split-by <source>',
        'splits as the set states them, or halves of its classes (default: auto, as papers do)',
      ).choices(splitSources),
    )
    .option('--split <name>', 'only pictures of this split')
    .addOption(
      new Option(
        '--boxes <use>',
        'crop to the boxes that the set gives (default: auto, for a CSV only)',
      ).choices(boxUses),
    )
}

/** `--gallery` and how it is read; it follows the flags of `addSetOptions`, but for its split. */
export function addGalleryOptions(command: Command): Command {
  return command
    .option('--gallery <set>', 'search this set instead of the other pictures; read as --data is')
    .option(
      '--gallery-split <name>',
      `only pictures of this split of --gallery, or ${everySplit} for all of them (default: as --split, else all)`,
    )
}

/** Unless the gallery has a split of this name. */
const everySplit = 'all'

export interface SetFlags {
  readonly format?: SetFormat
  readonly splitBy?: SplitSource
  readonly boxes?: BoxUse
  readonly labelColumn?: string
  readonly classes?: string
  readonly excludeLabels?: string
  readonly split?: string
}

export interface GalleryFlags extends SetFlags {
  readonly gallery?: string
  readonly gallerySplit?: string
}

/** Reads a set as the flags of `addSetOptions` say. */
export const readSetWith = (location: string, flags: SetFlags): Promise<LabelledSet> =>
  readSet(location, readOptionsOf(flags))

/**
 * Finds out that `--boxes crop` would change nothing: whoever asks for it would take the figures for those of crops.
 *
 * @param sets all that the flag is for; one with boxes among them is enough
 * @throws KindredError INVALID_ARGUMENT
 */
export function refuseIdleBoxes(
  { boxes }: Pick<SetFlags, 'boxes'>,
  sets: readonly (LabelledSet | undefined)[],
): void {
  if (boxes !== 'crop' || sets.some((set) => set?.images.some(({ box }) => box !== undefined))) return
  const names = sets.flatMap((set) => set?.name ?? [])
  throw new KindredError(
    'INVALID_ARGUMENT',
    `--boxes crop means nothing here: there are no boxes in ${names.join(' and ')}`,
    { hint: 'cub200 and cars196 have boxes as they are published, and a CSV that gives some.' },
  )
}

/**
 * Reads the gallery as the flags of `addGalleryOptions` say; undefined where none is given.
 *
 * @throws KindredError as `readSet`; INVALID_ARGUMENT for a split of no gallery
 */
export async function readGalleryWith(flags: GalleryFlags): Promise<LabelledSet | undefined> {
  const { gallery, gallerySplit, split, ...rest } = flags
  if (gallery === undefined) {
    if (gallerySplit !== undefined) throw expected('a --gallery beside it', '--gallery-split', gallerySplit)
    return undefined
  }
  const set = await readSetWith(gallery, rest)
  const wanted = gallerySplit ?? split
  if (wanted === undefined) return set
  const takesAll = gallerySplit === everySplit && set.images.every((image) => image.split !== everySplit)
  return takesAll ? set : selectSplit(set, wanted)
}

/** What the flags of `addSetOptions` ask of the reader. */
export function readOptionsOf(flags: SetFlags): ReadSetOptions {
  const { format, splitBy, boxes, labelColumn, classes, split, excludeLabels } = flags
  return {
    ...(format && { format }),
    ...(splitBy && { splitBy }),
    ...(boxes && { boxes }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(classes !== undefined && { classes }),
    ...(split !== undefined && { split }),
    ...(excludeLabels !== undefined && { excludeLabels: excludeLabels.split(',') }),
  }
}
