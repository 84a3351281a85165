import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { planClothing } from '../../scripts/prepare-data/clothing.js'
import { planCubHalf } from '../../scripts/prepare-data/cub-half.js'
import { planGrocery } from '../../scripts/prepare-data/grocery.js'
import { prepare } from '../../scripts/prepare-data/prepare.js'
import { readSet } from '../../src/datasets/read-set.js'
import { decodeImage } from '../../src/images/decode.js'
import { renderSvg } from '../../src/images/render-svg.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { folderWith } from './folder-with.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Left half red, right half blue. */
const photo = (width: number, height: number): Promise<Uint8Array> =>
  renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><rect width="1" height="2" fill="red"/><rect x="1" width="1" height="2" fill="blue"/></svg>`,
    { width, height, format: 'jpeg' },
  )

describe('the published data sets become the layouts of the studies', () => {
  it('GroceryStore: natural and iconic pictures, texts, splits', async () => {
    const iconic = 'iconic-images-and-descriptions/Fruit/Apple/Red/Red'
    const source = await folderWith({
      'classes.csv':
        'Class Name (str),Class ID (int),Coarse Class Name (str),Coarse Class ID (int),Iconic Image Path (str),Product Description Path (str)\n' +
        `Red,0,Apple,0,/${iconic}_Iconic.jpg,/x\n`,
      'train.txt': 'train/Fruit/Apple/Red/Red_001.jpg, 0, 0\ntrain/Fruit/Apple/Red/Red_002.jpg, 0, 0\n',
      'val.txt': '',
      'test.txt': 'test/Fruit/Apple/Red/Red_001.jpg, 0, 0\n',
      'train/Fruit/Apple/Red/Red_001.jpg': await photo(348, 400),
      'train/Fruit/Apple/Red/Red_002.jpg': 'broken',
      'test/Fruit/Apple/Red/Red_001.jpg': await photo(100, 100),
      [`${iconic}_Iconic.jpg`]: await photo(300, 300),
      [`${iconic}_Description.txt`]: 'an apple',
    })
    const target = path.join(temporaryFolder(), 'grocery')
    const { written, failures } = await prepare(await planGrocery(source), target)
    expect(written).toBe(3)
    expect(failures).toEqual([expect.stringContaining('Red_002.jpg')])
    expect((await readFile(path.join(target, 'index.csv'), 'utf8')).split('\n')).toEqual([
      'path,split,fine_id,fine_name,coarse_id,coarse_name,source_path',
      'natural/Red/train_Red_001.jpg,train,0,Red,0,Apple,train/Fruit/Apple/Red/Red_001.jpg',
      'natural/Red/test_Red_001.jpg,test,0,Red,0,Apple,test/Fruit/Apple/Red/Red_001.jpg',
      `iconic/Red.jpg,iconic,0,Red,0,Apple,${iconic}_Iconic.jpg`,
      '',
    ])
    expect(await readdir(path.join(target, 'text'))).toEqual(['Red_Description.txt'])
    const { width, height } = await decodeImage(
      await readFile(path.join(target, 'natural/Red/train_Red_001.jpg')),
    )
    expect([width, height]).toEqual([160, 184])
    const set = await readSet(path.join(target, 'index.csv'), { labelColumn: 'fine_name', split: 'train' })
    expect(set.images).toHaveLength(1)
  })

  it('clothing: a folder a label', async () => {
    const source = await folderWith({
      'images.csv': 'image,sender_id,label,kids\nabc,7,Not sure,False\ngone,7,Hat,True\n',
      'images/abc.jpg': await photo(288, 400),
    })
    const target = path.join(temporaryFolder(), 'clothing')
    const { written, failures } = await prepare(await planClothing(source), target)
    expect([written, failures.length]).toEqual([1, 1])
    expect(await readFile(path.join(target, 'index.csv'), 'utf8')).toBe(
      'path,label,sender_id,kids\nNot_sure/abc.jpg,Not sure,7,False\n',
    )
  })

  it('CUB-200-2011: the chosen classes, cropped to the bird and squashed to a square', async () => {
    const source = await folderWith({
      'images.txt':
        '1 001.Black_footed_Albatross/A_1.jpg\n2 002.Laysan_Albatross/B_1.jpg\n3 200.Common_Yellowthroat/C_1.jpg\n4 001.Black_footed_Albatross/A_2.jpg\n',
      'bounding_boxes.txt':
        '1 60.0 10.0 50.0 80.0\n2 0.0 0.0 9.0 9.0\n3 0.0 0.0 40.0 100.0\n4 0.0 0.0 40.0 100.0\n',
      'train_test_split.txt': '1 0\n2 0\n3 0\n4 1\n',
      'images/001.Black_footed_Albatross/A_1.jpg': await photo(100, 100),
      'images/001.Black_footed_Albatross/A_2.jpg': await photo(100, 100),
      'images/200.Common_Yellowthroat/C_1.jpg': await photo(100, 100),
    })
    const target = path.join(temporaryFolder(), 'cub-half')
    await prepare(await planCubHalf(source), target)
    expect(await readFile(path.join(target, 'index.csv'), 'utf8')).toBe(
      'path,class_id,class_name,is_train_in_source\n' +
        'Black_footed_Albatross/0000.jpg,0,Black_footed_Albatross,1\n' +
        'Black_footed_Albatross/0001.jpg,0,Black_footed_Albatross,0\n' +
        'Common_Yellowthroat/0000.jpg,99,Common_Yellowthroat,0\n',
    )
    // Its box lies in the blue half and reaches beyond the picture's right edge.
    const { width, height, data } = await decodeImage(
      await readFile(path.join(target, 'Black_footed_Albatross/0001.jpg')),
    )
    expect([width, height]).toEqual([160, 160])
    expect(data[2]).toBeGreaterThan(200)
    expect(data[0]).toBeLessThan(60)
  })

  it('leave nothing half done', async () => {
    const source = await folderWith({ 'images.csv': 'image,sender_id,label,kids\ngone,7,Hat,True\n' })
    const base = temporaryFolder()
    await expect(prepare(await planClothing(source), path.join(base, 'clothing'))).rejects.toThrow(
      /Not one picture/,
    )
    expect(await readdir(base)).toEqual([])
  })
})

describeWithShared('the chosen half of CUB-200-2011', ['data/cub-half'], () => {
  it('is that of the studies, in the order of its ids', () => {
    const index = readFileSync(sharedPath('data/cub-half/index.csv'), 'utf8').trim().split('\n').slice(1)
    const names = [...new Set(index.map((line) => line.split(',').slice(1, 3).join(' ')))]
    const list = readFileSync(
      path.join(import.meta.dirname, '../../scripts/prepare-data/cub-half-classes.txt'),
      'utf8',
    )
    expect(
      list
        .trim()
        .split('\n')
        .map((name, id) => `${id} ${name}`),
    ).toEqual(names)
  })
})
