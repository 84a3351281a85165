import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'

/**
 * Writes the published GroceryStore set, in the layout of scripts/prepare-data.ts, as a catalogue: a row a picture, the
 * product as its group, with product, coarse class and split as metadata.
 *
 * @param most rows to take; all where absent
 * @returns how many rows it has
 */
export function writeGroceryCatalogue(grocery: string, target: string, most = Infinity): number {
  const read: Record<string, string>[] = parse(readFileSync(path.join(grocery, 'index.csv')), {
    columns: true,
  })
  // Evenly over the set, whose products come one after the other.
  const step = Math.max(1, read.length / most)
  const rows = read.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
  const lines = rows.map((row) => {
    const [file = '', product = '', category = '', split = ''] = [
      'path',
      'fine_name',
      'coarse_name',
      'split',
    ].map((column) => row[column])
    return [file, path.resolve(grocery, file), product, product, category, split].map(quoted).join(',')
  })
  writeFileSync(target, ['id,image,group,product,category,split', ...lines, ''].join('\n'))
  return rows.length
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
