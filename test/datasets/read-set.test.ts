import { symlink } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { classesOf, type LabelledSet } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { folderWith } from './folder-with.js'

const numbered = async (count: number): Promise<string> => {
  const rows = Array.from(
    { length: count },
    (_, id) => `${id}.jpg,${id},name ${String.fromCharCode(122 - id)}`,
  )
  return path.join(await folderWith({ 'set.csv': ['path,class_id,label', ...rows].join('\n') }), 'set.csv')
}

describe('a folder as a set', () => {
  it('takes each sub-folder for a class, pictures below it at any depth, sorted, hidden files and texts aside', async () => {
    const folder = await folderWith({
      'b/2.jpg': '',
      'b/10.JPG': '',
      'a/deep/er/x.webp': '',
      'a/.hidden.jpg': '',
      'a/notes.txt': '',
      '.git/c.jpg': '',
      LICENSE: '',
    })
    const set = await readSet(folder)
    expect(set.name).toBe(path.basename(folder))
    expect(set.images).toEqual([
      { path: path.join(folder, 'a/deep/er/x.webp'), label: 'a' },
      { path: path.join(folder, 'b/10.JPG'), label: 'b' },
      { path: path.join(folder, 'b/2.jpg'), label: 'b' },
    ])
  })

  it('follows links, but a folder that contains itself only once', async () => {
    const folder = await folderWith({ 'a/1.jpg': '', 'elsewhere/2.jpg': '' })
    await symlink(path.join(folder, 'elsewhere'), path.join(folder, 'linked'))
    await symlink(folder, path.join(folder, 'a/round'))
    const set = await readSet(folder)
    expect(set.images.map((image) => image.label)).toEqual(['a', 'elsewhere', 'linked'])
  })

  it('refuses a picture without a class, and a folder without pictures', async () => {
    await expect(readSet(await folderWith({ 'x.jpg': '' }))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('x.jpg') as string,
    })
    await expect(readSet(await folderWith({ 'a/readme.txt': '' }))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })
    await expect(readSet('/nowhere/at/all')).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })
})

describe('a CSV as a set', () => {
  it('reads every column of the contract, quotes, a byte order mark and Windows line ends', async () => {
    const csv =
      '\uFEFFpath,label,split,is_query,is_gallery,box\r\n' +
      'a/1.jpg,"Shirt, long",test,1,0,"0.1,0.2,0.9,1"\r\n' +
      '../other/2.jpg,Hat,,true,,\r\n\r\n'
    const folder = await folderWith({ 'index.csv': csv })
    const set = await readSet(path.join(folder, 'index.csv'))
    expect(set.name).toBe(path.basename(folder))
    expect(set.images).toEqual([
      {
        path: path.join(folder, 'a/1.jpg'),
        label: 'Shirt, long',
        split: 'test',
        isQuery: true,
        isGallery: false,
        box: { x0: 0.1, y0: 0.2, x1: 0.9, y1: 1 },
      },
      { path: path.resolve(folder, '../other/2.jpg'), label: 'Hat', isQuery: true },
    ])
  })

  it('reads boxes in pixels from columns of their own, and leaves boxes out where that is asked for', async () => {
    const csv =
      'path,label,box,box_x,box_y,box_width,box_height\n' +
      'a.jpg,a,,10,20.5,30,40\nb.jpg,b,,,,,\nc.jpg,c,"0,0,1,0.5",,,,\n'
    const file = path.join(await folderWith({ 'set.csv': csv }), 'set.csv')
    const boxesOf = (set: LabelledSet) => set.images.map((image) => image.box)
    expect(boxesOf(await readSet(file))).toEqual([
      { x0: 10, y0: 20.5, x1: 40, y1: 60.5, unit: 'pixel' },
      undefined,
      { x0: 0, y0: 0, x1: 1, y1: 0.5 },
    ])
    expect(boxesOf(await readSet(file, { boxes: 'ignore' }))).toEqual([undefined, undefined, undefined])
  })

  it.each([
    [
      'a box in pixels without its width',
      'path,label,box_x,box_y\na,b,1,2',
      /no column box_width, box_height/,
    ],
    [
      'a box in pixels that lacks a number',
      'path,label,box_x,box_y,box_width,box_height\na,b,1,2,,4',
      /line 2, column box_x: expected a left and top/,
    ],
    [
      'a box of both kinds',
      'path,label,box,box_x,box_y,box_width,box_height\na,b,"0,0,1,1",1,2,3,4',
      /line 2, column box: expected nothing/,
    ],
    ['a column that is missing', 'file,label\na,b', /set\.csv has no column "path"/],
    ['a column named twice', 'path,label,label\na,b,c', /two columns named "label"/],
    ['an empty label', 'path,label\na,b\nc,', /set\.csv, line 3, column label: expected a value/],
    [
      'a flag that is none',
      'path,label,is_query\na,b,maybe',
      /line 2, column is_query: expected true or false.*maybe/,
    ],
    ['a box outside the picture', 'path,label,box\na,b,"0,0,1,1.5"', /line 2, column box/],
    ['a box without a corner', 'path,label,box\na,b,"0,0,1"', /line 2, column box/],
    ['a missing cell', 'path,label,split\na,b', /line 2: 2 cells where the header has 3/],
    ['an open quote', 'path,label\na,"b\nc,d', /set\.csv, line \d.*[Qq]uote/],
    ['nothing', '', /is empty/],
    ['only a header', 'path,label\n', /no labelled picture/],
  ])('names file, line and column of %s', async (_, csv, message) => {
    const folder = await folderWith({ 'set.csv': csv })
    await expect(readSet(path.join(folder, 'set.csv'))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(message) as string,
    })
  })

  it('takes the label from another column', async () => {
    const set = await readSet(await numbered(3), { labelColumn: 'class_id' })
    expect(set.images.map((image) => image.label)).toEqual(['0', '1', '2'])
    await expect(readSet(await numbered(3), { labelColumn: 'nope' })).rejects.toMatchObject({
      hint: expect.stringContaining('--label-column') as string,
    })
  })

  it('selects a split and names those that exist', async () => {
    const folder = await folderWith({ 'set.csv': 'path,label,split\na,b,train\nc,d,test' })
    const file = path.join(folder, 'set.csv')
    expect((await readSet(file, { split: 'test' })).images.map((image) => image.label)).toEqual(['d'])
    expect((await readSet(file, { split: 'test,train' })).images).toHaveLength(2)
    await expect(readSet(file, { split: 'train,dev' })).rejects.toMatchObject({ code: 'DATASET_INVALID' })
    await expect(readSet(file, { split: 'dev' })).rejects.toMatchObject({
      hint: 'Its splits are test, train',
    })
  })

  it('refuses a layout that it cannot read, naming those it can', async () => {
    await expect(readSet(await numbered(1), { format: 'cub' as 'csv' })).rejects.toThrow(
      /auto, folder, csv, cub200, cars196,/,
    )
    await expect(readSet(await numbered(1), { format: 'folder' })).rejects.toThrow(/is a file, not folder/)
  })
})

describe('the first half of the classes', () => {
  it('is train and the rest test, by number where labels are ids, whatever the order of rows and splits', async () => {
    const csv = 'path,class_id,split\na,10,train\nb,2,test\nc,2,train\nd,1,test\ne,30,train\nf,4,test'
    const file = path.join(await folderWith({ 'set.csv': csv }), 'set.csv')
    const halves = { labelColumn: 'class_id', splitBy: 'class-halves' } as const
    const train = await readSet(file, { ...halves, split: 'train' })
    expect(train.images.map((image) => image.label)).toEqual(['2', '2', '1', '4'])
    expect(classesOf(await readSet(file, { ...halves, split: 'test' }))).toEqual(['10', '30'])
    expect(classesOf(await readSet(file, { labelColumn: 'class_id', split: 'test' }))).toEqual([
      '1',
      '2',
      '4',
    ])
  })

  it('gives a folder splits, counted before classes are picked', async () => {
    const folder = await folderWith({ 'a/1.jpg': '', 'b/1.jpg': '', 'c/1.jpg': '', 'd/1.jpg': '' })
    await expect(readSet(folder, { split: 'train' })).rejects.toMatchObject({
      hint: expect.stringContaining('--split-by class-halves') as string,
    })
    const set = await readSet(folder, { splitBy: 'class-halves', classes: '1-2', split: 'train' })
    expect(classesOf(set)).toEqual(['b'])
  })
})

describe('--classes', () => {
  it('means ids where the labels are ids, in the order of numbers', async () => {
    const set = await readSet(await numbered(12), { labelColumn: 'class_id', classes: '0-1,9-10' })
    expect(classesOf(set)).toEqual(['0', '1', '9', '10'])
  })

  it('means places in sorted order where the labels are words', async () => {
    const set = await readSet(await numbered(12), { classes: '0-1' })
    expect(classesOf(set)).toEqual(['name o', 'name p'])
  })

  it('counts over the whole set, whatever split is selected', async () => {
    const folder = await folderWith({ 'set.csv': 'path,label,split\n1,a,train\n2,b,test\n3,c,test' })
    const set = await readSet(path.join(folder, 'set.csv'), { classes: '0-1', split: 'test' })
    expect(classesOf(set)).toEqual(['b'])
  })

  it('reads a file with one label a line', async () => {
    const folder = await folderWith({ 'some.txt': 'name z\r\n\n name y \n' })
    const set = await readSet(await numbered(5), { classes: path.join(folder, 'some.txt') })
    expect(classesOf(set)).toEqual(['name y', 'name z'])
  })

  it.each([['0-12'], ['3-1'], ['1--2'], ['nofile.txt']])('refuses %s for twelve classes', async (classes) => {
    const reading = readSet(await numbered(12), { classes })
    await expect(reading).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })

  it('goes together with excluded labels, which must exist', async () => {
    const options = { labelColumn: 'class_id', classes: '0-3' }
    const set = await readSet(await numbered(12), { ...options, excludeLabels: ['1', '2'] })
    expect(classesOf(set)).toEqual(['0', '3'])
    await expect(readSet(await numbered(12), { ...options, excludeLabels: ['x'] })).rejects.toThrow(
      /no class "x"/,
    )
  })
})

describeWithShared('the sets of the studies', ['data/cub-half', 'data/clothing'], () => {
  it('reads half of CUB-200-2011 by class ids', async () => {
    const set = await readSet(sharedPath('data/cub-half/index.csv'), {
      labelColumn: 'class_id',
      classes: '0-49',
    })
    expect(set.name).toBe('cub-half')
    expect(classesOf(set)).toEqual(Array.from({ length: 50 }, (_, id) => String(id)))
  })

  it('finds the same pictures in the clothing folder and in its CSV', async () => {
    const folder = await readSet(sharedPath('data/clothing'))
    const csv = await readSet(sharedPath('data/clothing/index.csv'))
    const paths = (set: typeof csv): string[] => set.images.map((image) => image.path).sort()
    expect(paths(folder)).toEqual(paths(csv))
  })
})
