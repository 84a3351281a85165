import path from 'node:path'
import type { LabelledImage } from '../labelled-set.js'
import type { Layout } from './layout.js'
import { readTextTable } from './text-table.js'

/**
 * Stanford Online Products (Song et al. 2016) as Stanford_Online_Products.zip unpacks. The published split is
 * class-disjoint; a label is the published class_id.
 */
export const stanfordOnlineProducts: Layout = {
  title: 'Stanford Online Products',
  marks: [['Ebay_train.txt'], ['Ebay_test.txt']],
  convention: 'published',
  async read(folder) {
    const part = async (file: string, split: string): Promise<LabelledImage[]> => {
      // image_id class_id super_class_id path, named in the first line
      const rows = await readTextTable(path.join(folder, file), 4, { skip: 1 })
      return rows.map(({ cells: [, label = '', , name = ''] }) => ({
        path: path.resolve(folder, name),
        label,
        split,
      }))
    }
    return [...(await part('Ebay_train.txt', 'train')), ...(await part('Ebay_test.txt', 'test'))]
  },
}
