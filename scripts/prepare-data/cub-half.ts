import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../src/errors.js'
import type { PreparationPlan } from './recipe.js'

/**
 * 100 classes of CUB-200-2011 (Wah and others, 2011), the folder `CUB_200_2011`: cropped to the bird's box and squashed
 * to a square. Which classes is listed in `cub-half-classes.txt`, in the order of their new ids.
 */
export async function planCubHalf(source: string): Promise<PreparationPlan> {
  const chosen = (await readFile(path.join(import.meta.dirname, 'cub-half-classes.txt'), 'utf8'))
    .trim()
    .split('\n')
  const newId = new Map(chosen.map((name, id) => [name, id]))
  const read = (name: string): Promise<Map<string, string[]>> => readList(path.join(source, name))
  const [images, boxes, training] = await Promise.all([
    read('images.txt'),
    read('bounding_boxes.txt'),
    read('train_test_split.txt'),
  ])
  const birds = [...images].flatMap(([imageId, [file = '']]) => {
    const name = path.posix.dirname(file).replace(/^\d+\./, '')
    const id = newId.get(name)
    if (id === undefined) return []
    const [left = NaN, top = NaN, width = NaN, height = NaN] = (boxes.get(imageId) ?? []).map(Number)
    if (!(left >= 0 && top >= 0 && width >= 1 && height >= 1)) {
      throw new KindredError('DATASET_INVALID', `bounding_boxes.txt has no box for picture ${imageId}`)
    }
    return {
      file,
      id,
      name,
      crop: { left, top, width, height },
      isTraining: training.get(imageId)?.[0] ?? '0',
    }
  })
  // The publication's training pictures come first, as they do in the numbers of a class.
  birds.sort((a, b) => Number(b.isTraining) - Number(a.isTraining) || a.id - b.id)
  const counts = new Map<string, number>()
  const pictures = birds.map(({ file, id, name, crop, isTraining }) => {
    const number = counts.get(name) ?? 0
    counts.set(name, number + 1)
    return {
      source: path.join(source, 'images', file),
      target: `${name}/${String(number).padStart(4, '0')}.jpg`,
      crop,
      cells: [String(id), name, isTraining],
    }
  })
  return {
    header: ['path', 'class_id', 'class_name', 'is_train_in_source'],
    shorterSide: 160,
    pictures,
    copies: [],
  }
}

/** CUB's lists: an id, then values, apart by spaces. */
async function readList(file: string): Promise<Map<string, string[]>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return new Map(
    lines.map((line) => {
      const [id = '', ...values] = line.trim().split(/\s+/)
      return [id, values]
    }),
  )
}
