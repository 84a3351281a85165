import path from 'node:path'
import { readTable, type PreparationPlan } from './recipe.js'

/** Clothing dataset (Grigorev and others, CC0): github.com/alexeygrigorev/clothing-dataset, `images.csv` and `images/`. */
export async function planClothing(source: string): Promise<PreparationPlan> {
  const rows = await readTable(path.join(source, 'images.csv'), ['image', 'sender_id', 'label', 'kids'])
  return {
    header: ['path', 'label', 'sender_id', 'kids'],
    shorterSide: 144,
    pictures: rows.map(({ image = '', label = '', sender_id: sender = '', kids = '' }) => ({
      source: path.join(source, 'images', `${image}.jpg`),
      target: `${label.replaceAll(' ', '_')}/${image}.jpg`,
      cells: [label, sender, kids],
    })),
    copies: [],
  }
}
