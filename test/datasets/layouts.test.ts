import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { classesOf, type LabelledSet } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'
import { folderWith } from './folder-with.js'
import { writeMat } from './write-mat.js'

const splitsOf = (set: LabelledSet): Record<string, (string | undefined)[]> => {
  const splits = new Map<string, Set<string | undefined>>()
  for (const { label, split } of set.images) splits.set(label, (splits.get(label) ?? new Set()).add(split))
  return Object.fromEntries([...splits].map(([label, found]) => [label, [...found].sort()]))
}
const relative = (folder: string, set: LabelledSet): string[] =>
  set.images.map((image) => path.relative(folder, image.path))

describe('CUB-200-2011 as it unpacks', () => {
  const files = {
    README: 'The Caltech-UCSD Birds-200-2011 Dataset',
    'classes.txt': '1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n3 003.Sooty_Albatross\n',
    'images.txt':
      '1 001.Black_footed_Albatross/A_1.jpg\n2 001.Black_footed_Albatross/A_2.jpg\n3 002.Laysan_Albatross/B_1.jpg\n4 003.Sooty_Albatross/C_1.jpg\n',
    'image_class_labels.txt': '1 1\n2 1\n3 2\n4 3\n',
    'train_test_split.txt': '1 0\n2 1\n3 1\n4 0\n',
    'bounding_boxes.txt':
      '1 60.0 27.0 325.0 304.0\n2 139.0 30.0 153.0 264.0\n3 0.0 1.0 2.0 3.0\n4 9.0 9.0 9.0 9.0\n',
    'attributes/attributes.txt': '1 has_bill_shape::curved\n',
    'images/001.Black_footed_Albatross/A_1.jpg': '',
  }

  it('is told by its files; train is the first half of its classes, and pictures are whole', async () => {
    const folder = await folderWith(files)
    const set = await readSet(folder)
    expect(relative(folder, set)[0]).toBe('images/001.Black_footed_Albatross/A_1.jpg')
    expect(set.images).toHaveLength(4)
    expect(splitsOf(set)).toEqual({
      '001.Black_footed_Albatross': ['train'],
      '002.Laysan_Albatross': ['train'],
      '003.Sooty_Albatross': ['test'],
    })
    expect(set.images.some((image) => 'box' in image)).toBe(false)
    expect(classesOf(await readSet(folder, { split: 'test' }))).toEqual(['003.Sooty_Albatross'])
  })

  it('gives the published split and the boxes where they are asked for', async () => {
    const folder = await folderWith(files)
    const set = await readSet(folder, { format: 'cub200', splitBy: 'published', boxes: 'crop' })
    expect(set.images.map((image) => image.split)).toEqual(['test', 'train', 'train', 'test'])
    expect(set.images[0]?.box).toEqual({ x0: 60, y0: 27, x1: 385, y1: 331, unit: 'pixel' })
  })

  it.each([
    [
      'a picture without a class',
      { 'image_class_labels.txt': '1 1\n2 1\n3 2\n' },
      /images\.txt, line 4: image_class/,
    ],
    ['a class without a name', { 'classes.txt': '1 a\n2 b\n' }, /line 4: classes\.txt has no line for 3/],
    [
      'a box that is none',
      { 'bounding_boxes.txt': '1 1 1 0 4\n2 1 1 1 1\n3 1 1 1 1\n4 1 1 1 1\n' },
      /no box for 1/,
    ],
    ['a line that is cut', { 'images.txt': '1 a.jpg\n2\n' }, /images\.txt, line 2: expected 2 words/],
    ['a picture labelled twice', { 'image_class_labels.txt': '1 1\n1 2\n' }, /line 2: 1 came before/],
  ])('names file and line of %s', async (_, over, message) => {
    const folder = await folderWith({ ...files, ...over })
    const reading = readSet(folder, { format: 'cub200', boxes: 'crop' })
    await expect(reading).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(message) as string,
    })
  })
})

describe('Cars-196 as it unpacks', () => {
  const names = ['smart fortwo Convertible 2012', 'AM General Hummer SUV 2000', 'FIAT 500 Abarth 2012']
  const box = { bbox_x1: 39, bbox_y1: 116, bbox_x2: 569, bbox_y2: 375 }
  const kit = {
    'devkit/cars_meta.mat': writeMat({ class_names: { cells: names } }, { compressed: true }),
    'devkit/cars_train_annos.mat': writeMat(
      {
        annotations: {
          structs: [
            { ...box, class: 2, fname: '00001.jpg' },
            { ...box, class: 1, fname: '00002.jpg' },
          ],
        },
      },
      { compressed: true },
    ),
  }
  const test = writeMat(
    {
      annotations: {
        structs: [
          { ...box, class: 3, fname: '00001.jpg' },
          { ...box, class: 1, fname: '00002.jpg' },
        ],
      },
    },
    { compressed: true },
  )

  it.each(['cars_test_annos_withlabels.mat', 'devkit/cars_test_annos_withlabels.mat'])(
    'is read from its two folders and kit, test labels in %s',
    async (place) => {
      const folder = await folderWith({ ...kit, [place]: test })
      const set = await readSet(folder)
      expect(relative(folder, set)).toEqual([
        'cars_train/00001.jpg',
        'cars_train/00002.jpg',
        'cars_test/00001.jpg',
        'cars_test/00002.jpg',
      ])
      // By number of class, not by name.
      expect(splitsOf(set)).toEqual({
        '001.smart fortwo Convertible 2012': ['train'],
        '002.AM General Hummer SUV 2000': ['train'],
        '003.FIAT 500 Abarth 2012': ['test'],
      })
      const published = await readSet(folder, { splitBy: 'published', boxes: 'crop' })
      expect(published.images.map((image) => image.split)).toEqual(['train', 'train', 'test', 'test'])
      // Published corners are counted from 1 and both belong to the box.
      expect(published.images[0]?.box).toEqual({ x0: 38, y0: 115, x1: 569, y1: 375, unit: 'pixel' })
    },
  )

  it('is read from one folder with cars_annos.mat, however that is written', async () => {
    for (const compressed of [true, false]) {
      const annotations = {
        structs: [
          { relative_im_path: 'car_ims/000001.jpg', ...box, class: 1, test: 0 },
          { relative_im_path: 'car_ims/000002.jpg', ...box, class: 3, test: 1 },
        ],
      }
      const folder = await folderWith({
        'cars_annos.mat': writeMat({ annotations, class_names: { cells: names } }, { compressed }),
      })
      const set = await readSet(folder, { splitBy: 'published' })
      expect(relative(folder, set)).toEqual(['car_ims/000001.jpg', 'car_ims/000002.jpg'])
      expect(set.images.map(({ label, split }) => [label, split])).toEqual([
        ['001.smart fortwo Convertible 2012', 'train'],
        ['003.FIAT 500 Abarth 2012', 'test'],
      ])
    }
  })

  it('says what is missing, and which class has no name', async () => {
    await expect(readSet(await folderWith(kit))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('cars_test_annos_withlabels.mat') as string,
      hint: expect.stringContaining('apart from the development kit') as string,
    })
    const beyond = writeMat({ annotations: { structs: [{ ...box, class: 4, fname: '1.jpg' }] } })
    const folder = await folderWith({ ...kit, 'cars_test_annos_withlabels.mat': beyond })
    await expect(readSet(folder)).rejects.toThrow(/3 classes, and no class 4/)
    const unlabelled = writeMat({ annotations: { structs: [{ ...box, fname: '1.jpg' }] } })
    const without = await folderWith({ ...kit, 'cars_test_annos_withlabels.mat': unlabelled })
    await expect(readSet(without)).rejects.toThrow(/annotations\(1\) has no number class/)
  })
})

describe('Stanford Online Products as it unpacks', () => {
  const header = 'image_id class_id super_class_id path\n'
  const files = {
    'Ebay_info.txt': `${header}1 1 1 bicycle_final/111085122871_0.JPG\n`,
    'Ebay_train.txt': `${header}1 1 1 bicycle_final/111085122871_0.JPG\n2 10 1 bicycle_final/111085122871_1.JPG\n3 2 1 bicycle_final/1.JPG\n`,
    'Ebay_test.txt': `${header}59552 11319 1 bicycle_final/251952414262_0.JPG\n59553 11320 12 toaster_final/9_1.JPG\n`,
    'bicycle_final/111085122871_0.JPG': '',
  }

  it('is told by its files and keeps the published split, which is class-disjoint', async () => {
    const folder = await folderWith(files)
    const set = await readSet(folder)
    expect(relative(folder, set)[4]).toBe('toaster_final/9_1.JPG')
    expect(classesOf(set)).toEqual(['1', '2', '10', '11319', '11320'])
    expect(splitsOf(set)).toEqual({
      1: ['train'],
      2: ['train'],
      10: ['train'],
      11319: ['test'],
      11320: ['test'],
    })
    const halves = splitsOf(await readSet(folder, { splitBy: 'class-halves' }))
    expect(halves).toMatchObject({ 10: ['train'], 11319: ['test'] })
  })

  it('names a line that is cut', async () => {
    const folder = await folderWith({ ...files, 'Ebay_test.txt': `${header}59552 11319 1\n` })
    await expect(readSet(folder)).rejects.toThrow(/Ebay_test\.txt, line 2: expected 4 words/)
  })
})

describe('In-Shop as it unpacks', () => {
  const list =
    '4\nimage_name item_id evaluation_status\n' +
    'img/WOMEN/Dresses/id_00000002/02_1_front.jpg   id_00000002 train\n' +
    'img/WOMEN/Dresses/id_00000002/02_2_side.jpg    id_00000002 train\n' +
    'img/WOMEN/Blouses_Shirts/id_00000001/02_1_front.jpg id_00000001 query \n' +
    'img/WOMEN/Blouses_Shirts/id_00000001/02_2_side.jpg  id_00000001 gallery\n'

  it('is told by its list and gives queries and gallery apart', async () => {
    const folder = await folderWith({ 'Eval/list_eval_partition.txt': list })
    await mkdir(path.join(folder, 'Img'))
    const set = await readSet(folder)
    expect(relative(folder, set)[0]).toBe('Img/img/WOMEN/Dresses/id_00000002/02_1_front.jpg')
    expect(
      set.images.map(({ label, split, isQuery, isGallery }) => ({ label, split, isQuery, isGallery })),
    ).toEqual([
      { label: 'id_00000002', split: 'train' },
      { label: 'id_00000002', split: 'train' },
      { label: 'id_00000001', split: 'test', isQuery: true, isGallery: false },
      { label: 'id_00000001', split: 'test', isQuery: false, isGallery: true },
    ])
  })

  it('is read with the list beside the pictures too', async () => {
    const folder = await folderWith({ 'list_eval_partition.txt': list })
    const set = await readSet(folder)
    expect(relative(folder, set)[0]).toBe('img/WOMEN/Dresses/id_00000002/02_1_front.jpg')
  })

  it('names a line with an unknown part', async () => {
    const folder = await folderWith({ 'list_eval_partition.txt': list.replace('query', 'val') })
    await expect(readSet(folder)).rejects.toThrow(/line 5: expected train, query or gallery.*"val"/)
  })
})

describe('a published set', () => {
  it('is still a folder of folders where that is asked for, and needs its lists where it is asked for', async () => {
    const folder = await folderWith({
      'Ebay_train.txt': '\n1 1 1 bikes/1.JPG',
      'Ebay_test.txt': '\n2 2 1 bikes/2.JPG',
      'bikes/1.JPG': '',
    })
    expect((await readSet(folder, { format: 'folder' })).images.map(({ label }) => label)).toEqual(['bikes'])
    await rm(path.join(folder, 'Ebay_test.txt'))
    expect((await readSet(folder)).images.map(({ label }) => label)).toEqual(['bikes'])
    const reading = readSet(folder, { format: 'sop' })
    await expect(reading).rejects.toThrow(/The list .*Ebay_test\.txt cannot be read/)
    await expect(readSet(folder, { format: 'inshop' })).rejects.toThrow(/neither Eval\/list_eval_partition/)
    const file = path.join(folder, 'Ebay_train.txt')
    await expect(readSet(file, { format: 'cars196' })).rejects.toThrow(/is a file, not cars196/)
  })
})
