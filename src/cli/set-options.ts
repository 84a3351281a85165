import { Option, type Command } from 'commander'
import type { LabelledSet } from '../datasets/labelled-set.js'
import { readSet, type ReadSetOptions, type SetFormat } from '../datasets/read-set.js'

/** The flags that say how a labelled set is read, the same for every command that takes one. */
export function addSetOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'layout of the set').choices(['auto', 'folder', 'csv']).default('auto'),
    )
    .option('--label-column <name>', 'column of a CSV that holds the class (default: label)')
    .option('--classes <range|file>', 'only these classes: 0-49 in their order, or a file with one a line')
    .option('--exclude-labels <a,b>', 'classes left out')
    .option('--split <name>', 'only rows whose column split is this')
}

export interface SetFlags {
  readonly format?: SetFormat
  readonly labelColumn?: string
  readonly classes?: string
  readonly excludeLabels?: string
  readonly split?: string
}

/** Reads a set as the flags of `addSetOptions` say. */
export async function readSetWith(location: string, flags: SetFlags): Promise<LabelledSet> {
  const { excludeLabels, ...rest } = flags
  const options: ReadSetOptions = {
    ...(rest.format && { format: rest.format }),
    ...(rest.labelColumn !== undefined && { labelColumn: rest.labelColumn }),
    ...(rest.classes !== undefined && { classes: rest.classes }),
    ...(rest.split !== undefined && { split: rest.split }),
    ...(excludeLabels !== undefined && { excludeLabels: excludeLabels.split(',') }),
  }
  return readSet(location, options)
}
