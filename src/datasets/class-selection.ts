import { readFile } from 'node:fs/promises'
import { KindredError } from '../errors.js'
import { areNumeric, classesOf, type LabelledSet } from './labelled-set.js'

/**
 * Picks classes as `--classes` says. `0-49,60` are ids where every label of the set is a whole number (the label
 * itself), and otherwise places in the order of `classesOf`, counted from 0 over the whole set; anything else is a
 * file with one label a line.
 *
 * @throws KindredError DATASET_INVALID: a range beyond the classes, a label that the set has not, no class left
 */
export async function selectClasses(set: LabelledSet, selection: string): Promise<LabelledSet> {
  const classes = classesOf(set)
  const wanted = /^[\d,\s-]+$/.test(selection)
    ? inRanges(parseRanges(selection), classes, set.name)
    : known(await readLabels(selection), classes, set.name, selection)
  if (wanted.size === 0) {
    throw new KindredError('DATASET_INVALID', `--classes ${selection} leaves no class of ${set.name}`)
  }
  return { ...set, images: set.images.filter((image) => wanted.has(image.label)) }
}

/** Leaves out classes. @throws KindredError DATASET_INVALID when the set has not such a label */
export function excludeClasses(set: LabelledSet, labels: readonly string[]): LabelledSet {
  const unwanted = known(labels, classesOf(set), set.name, '--exclude-labels')
  return { ...set, images: set.images.filter((image) => !unwanted.has(image.label)) }
}

type Range = readonly [number, number]

function parseRanges(selection: string): Range[] {
  return selection.split(',').map((part) => {
    const [, low, high = low] = /^\s*(\d{1,15})(?:\s*-\s*(\d{1,15}))?\s*$/.exec(part) ?? []
    if (low === undefined || Number(high) < Number(low)) {
      throw new KindredError(
        'DATASET_INVALID',
        `--classes ${selection}: ${JSON.stringify(part)} is not a range`,
        {
          hint: 'Write ranges like 0-49 or 0-49,60,70-79, or the name of a file with one label a line',
        },
      )
    }
    return [Number(low), Number(high)]
  })
}

function inRanges(ranges: readonly Range[], classes: readonly string[], name: string): Set<string> {
  const ids = areNumeric(classes)
  const last = ids ? Number(classes.at(-1) ?? -1) : classes.length - 1
  const beyond = ranges.find(([, high]) => high > last)
  if (beyond !== undefined) {
    throw new KindredError(
      'DATASET_INVALID',
      `--classes asks for class ${beyond[1]} of ${name}, whose last ${ids ? 'class id' : 'of classes counted from 0'} is ${last}`,
    )
  }
  const place = (label: string, index: number): number => (ids ? Number(label) : index)
  return new Set(
    classes.filter((label, index) =>
      ranges.some(([low, high]) => place(label, index) >= low && place(label, index) <= high),
    ),
  )
}

async function readLabels(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split('\n')
    return lines.map((line) => line.trim()).filter((line) => line !== '')
  } catch (cause) {
    throw new KindredError('DATASET_INVALID', `The file of classes ${file} cannot be read`, {
      cause,
      hint: 'Write ranges like 0-49, or the name of a file with one label a line',
    })
  }
}

function known(
  labels: readonly string[],
  classes: readonly string[],
  name: string,
  source: string,
): Set<string> {
  const all = new Set(classes)
  const unknown = labels.filter((label) => !all.has(label))
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 5).map((label) => JSON.stringify(label))
    throw new KindredError('DATASET_INVALID', `${source}: ${name} has no class ${shown.join(', ')}`, {
      hint: `Its classes begin with ${classes.slice(0, 5).join(', ')}`,
    })
  }
  return new Set(labels)
}
