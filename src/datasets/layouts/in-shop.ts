import { existsSync } from 'node:fs'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import type { LabelledImage } from '../labelled-set.js'
import type { Layout } from './layout.js'
import { readTextTable } from './text-table.js'

const partition = 'list_eval_partition.txt'
const places = [`Eval/${partition}`, partition]

/**
 * In-Shop Clothes Retrieval of DeepFashion (Liu et al. 2016): `Eval/` and `Img/` as published, img.zip unpacked within
 * `Img/`; or the list beside `img/`. Of the test pictures some ask and the others are looked through.
 */
export const inShop: Layout = {
  title: 'DeepFashion In-Shop Clothes Retrieval',
  marks: [places],
  convention: 'published',
  async read(folder) {
    const list = places.map((place) => path.join(folder, place)).find((place) => existsSync(place))
    if (list === undefined) {
      throw new KindredError('DATASET_INVALID', `${folder} has neither ${places.join(' nor ')}`)
    }
    const root = existsSync(path.join(folder, 'Img')) ? path.join(folder, 'Img') : folder
    // The number of pictures, then the names of the columns: image_name item_id evaluation_status.
    const rows = await readTextTable(list, 3, { skip: 2 })
    return rows.map(({ cells: [name = '', label = '', status = ''], fail }) => ({
      path: path.resolve(root, name),
      label,
      ...(roles[status] ?? fail(`expected train, query or gallery but received ${JSON.stringify(status)}`)),
    }))
  },
}

const roles: Readonly<Record<string, Pick<LabelledImage, 'split' | 'isQuery' | 'isGallery'> | undefined>> = {
  train: { split: 'train' },
  query: { split: 'test', isQuery: true, isGallery: false },
  gallery: { split: 'test', isQuery: false, isGallery: true },
}
