import { existsSync } from 'node:fs'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import type { CropBox } from '../../images/crop-box.js'
import { boxOfPixels } from '../box-of-pixels.js'
import type { LabelledImage } from '../labelled-set.js'
import { readEntries, readTexts, type MatEntry } from '../mat/annotations.js'
import type { Layout } from './layout.js'

const whole = 'cars_annos.mat'
const trainAnnotations = 'cars_train_annos.mat'
const testAnnotations = 'cars_test_annos_withlabels.mat'
const names = 'cars_meta.mat'
const inKit = (file: string): string[] => [file, `devkit/${file}`]

/**
 * Cars-196 (Krause et al. 2013), either as car_ims.tgz unpacks beside cars_annos.mat, or as cars_train.tgz,
 * cars_test.tgz and car_devkit.tgz do, with cars_test_annos_withlabels.mat in either folder. The published split shares
 * all classes, so metric learning learns from the first 98 of them (Song et al. 2016).
 *
 * A label is the class's number in three digits, then its name: `003.Acura TL Sedan 2012`. Names come in another order
 * than classes, so they alone would make other halves.
 */
export const cars196: Layout = {
  title: 'Stanford Cars (Cars-196)',
  marks: [[...inKit(whole), ...inKit(trainAnnotations)]],
  convention: 'class-halves',
  async read(folder, { boxes }) {
    const find = (file: string): string | undefined =>
      inKit(file)
        .map((place) => path.join(folder, place))
        .find((place) => existsSync(place))
    const needed = (file: string): string => find(file) ?? missing(folder, file)

    const together = find(whole)
    if (together !== undefined) {
      const labelOf = labeller(await readTexts(together, 'class_names'), together)
      return (await readEntries(together, 'annotations')).map((entry) => ({
        path: path.resolve(folder, entry.text('relative_im_path')),
        label: labelOf(entry),
        split: entry.number('test') === 1 ? 'test' : 'train',
        ...(boxes && { box: boxOf(entry, together) }),
      }))
    }
    const meta = needed(names)
    const labelOf = labeller(await readTexts(meta, 'class_names'), meta)
    const part = async (file: string, pictures: string, split: string): Promise<LabelledImage[]> =>
      (await readEntries(file, 'annotations')).map((entry) => ({
        path: path.resolve(folder, pictures, entry.text('fname')),
        label: labelOf(entry),
        split,
        ...(boxes && { box: boxOf(entry, file) }),
      }))
    return [
      ...(await part(needed(trainAnnotations), 'cars_train', 'train')),
      ...(await part(needed(testAnnotations), 'cars_test', 'test')),
    ]
  },
}

const labeller =
  (classNames: readonly string[], file: string) =>
  (entry: MatEntry): string => {
    const id = entry.number('class')
    const name = classNames[id - 1]
    if (name === undefined) {
      throw new KindredError(
        'DATASET_INVALID',
        `${file} has ${classNames.length} classes, and no class ${id}`,
      )
    }
    return `${String(id).padStart(3, '0')}.${name}`
  }

/** The corners are pixels counted from 1, both inside the box. */
function boxOf(entry: MatEntry, file: string): CropBox {
  const [x1, y1, x2, y2] = [
    entry.number('bbox_x1'),
    entry.number('bbox_y1'),
    entry.number('bbox_x2'),
    entry.number('bbox_y2'),
  ] as const
  const [left, top] = [Math.max(0, x1 - 1), Math.max(0, y1 - 1)]
  const box = boxOfPixels(left, top, x2 - left, y2 - top)
  if (box !== undefined) return box
  throw new KindredError('DATASET_INVALID', `${file}: ${[x1, y1, x2, y2].join(', ')} is not a box`)
}

function missing(folder: string, file: string): never {
  throw new KindredError('DATASET_INVALID', `${folder} has neither ${inKit(file).join(' nor ')}`, {
    hint:
      file === testAnnotations
        ? 'The labels of the test pictures are published apart from the development kit'
        : 'It lies in the development kit, car_devkit.tgz',
  })
}
