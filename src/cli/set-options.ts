import { Option, type Command } from 'commander'
import type { LabelledSet } from '../datasets/labelled-set.js'
import {
  boxUses,
  readSet,
  setFormats,
  splitSources,
  type BoxUse,
  type ReadSetOptions,
  type SetFormat,
  type SplitSource,
} from '../datasets/read-set.js'

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

export interface SetFlags {
  readonly format?: SetFormat
  readonly splitBy?: SplitSource
  readonly boxes?: BoxUse
  readonly labelColumn?: string
  readonly classes?: string
  readonly excludeLabels?: string
  readonly split?: string
}

/** Reads a set as the flags of `addSetOptions` say. */
export const readSetWith = (location: string, flags: SetFlags): Promise<LabelledSet> =>
  readSet(location, readOptionsOf(flags))

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
