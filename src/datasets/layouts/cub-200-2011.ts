import path from 'node:path'
import type { CropBox } from '../../images/crop-box.js'
import { boxOfPixels } from '../box-of-pixels.js'
import type { Layout } from './layout.js'
import { readTextMap, readTextTable } from './text-table.js'

/**
 * Caltech-UCSD Birds-200-2011 (Wah et al. 2011) as CUB_200_2011.tgz unpacks. The published split shares all classes,
 * so metric learning learns from the first 100 of them (Song et al. 2016).
 */
export const cub2002011: Layout = {
  title: 'Caltech-UCSD Birds-200-2011',
  marks: [['images.txt'], ['image_class_labels.txt'], ['train_test_split.txt']],
  convention: 'class-halves',
  async read(folder, options) {
    const at = (name: string): string => path.join(folder, name)
    const [images, labels, classes, boxes, split] = await Promise.all([
      readTextTable(at('images.txt'), 2),
      readTextMap(at('image_class_labels.txt'), 2),
      readTextMap(at('classes.txt'), 2),
      options.boxes ? readTextMap(at('bounding_boxes.txt'), 5) : undefined,
      readTextMap(at('train_test_split.txt'), 2),
    ])
    return images.map(({ cells: [id = '', name = ''], fail }) => {
      const of = (lists: ReadonlyMap<string, readonly string[]>, list: string, key = id): readonly string[] =>
        lists.get(key) ?? fail(`${list} has no line for ${key}`)
      const [classId = ''] = of(labels, 'image_class_labels.txt')
      const [label = ''] = of(classes, 'classes.txt', classId)
      const [isTraining] = of(split, 'train_test_split.txt')
      const box =
        boxes && (boxFrom(of(boxes, 'bounding_boxes.txt')) ?? fail(`bounding_boxes.txt has no box for ${id}`))
      return {
        path: path.resolve(folder, 'images', name),
        label,
        split: isTraining === '1' ? 'train' : 'test',
        ...(box && { box }),
      }
    })
  },
}

function boxFrom(cells: readonly string[]): CropBox | undefined {
  const [x = NaN, y = NaN, width = NaN, height = NaN] = cells.map(Number)
  return boxOfPixels(x, y, width, height)
}
