import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../src/errors.js'
import { readTable, type PicturePlan, type PreparationPlan } from './recipe.js'

/**
 * GroceryStore (Klasson, Zhang, Kjellström, 2019): the folder `dataset` of github.com/marcusklasson/GroceryStoreDataset.
 * Phone photos go to `natural/`, the shop's own pictures to `iconic/`, its descriptions to `text/`.
 */
export async function planGrocery(source: string): Promise<PreparationPlan> {
  const columns = ['Class Name (str)', 'Class ID (int)', 'Coarse Class Name (str)', 'Coarse Class ID (int)']
  const table = await readTable(path.join(source, 'classes.csv'), [...columns, 'Iconic Image Path (str)'])
  const classes = table.map((row) => {
    const [name = '', id = '', coarseName = '', coarseId = ''] = columns.map((column) => row[column] ?? '')
    const iconic = (row['Iconic Image Path (str)'] ?? '').replace(/^\//, '')
    return { name, id, iconic, cells: [id, name, coarseId, coarseName] }
  })
  const nameOf = new Map(classes.map((each) => [each.id, each]))

  const natural: PicturePlan[] = []
  for (const split of ['train', 'val', 'test']) {
    const list = path.join(source, `${split}.txt`)
    const lines = (await readFile(list, 'utf8')).split('\n').filter((line) => line.trim() !== '')
    lines.forEach((line, index) => {
      const [file = '', fineId = ''] = line.split(',').map((cell) => cell.trim())
      const grocery = nameOf.get(fineId)
      if (grocery === undefined) {
        throw new KindredError(
          'DATASET_INVALID',
          `${list}, line ${index + 1}: unknown class ${JSON.stringify(fineId)}`,
        )
      }
      natural.push({
        source: path.join(source, file),
        target: `natural/${grocery.name}/${split}_${path.posix.basename(file)}`,
        cells: [split, ...grocery.cells, file],
      })
    })
  }
  natural.sort((a, b) => Number(a.cells[1]) - Number(b.cells[1]))
  const iconic = classes.map((each) => ({
    source: path.join(source, each.iconic),
    target: `iconic/${each.name}.jpg`,
    cells: ['iconic', ...each.cells, each.iconic],
  }))
  const texts = classes.flatMap((each) =>
    ['Description', 'Information'].map((kind) => ({
      source: path.join(source, each.iconic.replace(/_Iconic\.\w+$/, `_${kind}.txt`)),
      target: `text/${each.name}_${kind}.txt`,
    })),
  )
  return {
    header: ['path', 'split', 'fine_id', 'fine_name', 'coarse_id', 'coarse_name', 'source_path'],
    shorterSide: 160,
    pictures: [...natural, ...iconic],
    copies: [...texts, { source: path.join(source, 'classes.csv'), target: 'classes.csv' }],
  }
}
