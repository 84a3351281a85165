/**
 * Turns a published data set, downloaded and unpacked, into the small layout that the demos and studies read:
 *
 *   npx tsx scripts/prepare-data.ts grocery  GroceryStoreDataset/dataset DATA/grocery
 *   npx tsx scripts/prepare-data.ts clothing clothing-dataset            DATA/clothing
 *   npx tsx scripts/prepare-data.ts cub-half CUB_200_2011                DATA/cub-half
 *
 * CUB-200-2011 may be used for research only, never for a model that ships.
 */
import { toKindredError } from '../src/errors.js'
import { planClothing } from './prepare-data/clothing.js'
import { planCubHalf } from './prepare-data/cub-half.js'
import { planGrocery } from './prepare-data/grocery.js'
import { prepare } from './prepare-data/prepare.js'
import type { Recipe } from './prepare-data/recipe.js'

const recipes: Readonly<Record<string, Recipe>> = {
  grocery: planGrocery,
  clothing: planClothing,
  'cub-half': planCubHalf,
}

const [name = '', source, target] = process.argv.slice(2)
const recipe = recipes[name]
if (recipe === undefined || source === undefined || target === undefined) {
  console.error(
    `Usage: npx tsx scripts/prepare-data.ts ${Object.keys(recipes).join('|')} PUBLISHED_FOLDER NEW_FOLDER`,
  )
  process.exitCode = 2
} else {
  try {
    const { written, failures } = await prepare(await recipe(source), target, (done, total) => {
      if (done % 400 === 0 || done === total) console.error(`${done} of ${total} pictures`)
    })
    for (const failure of failures) console.error(`left out: ${failure}`)
    console.log(`${target}: ${written} pictures and index.csv`)
  } catch (thrown) {
    console.error(toKindredError(thrown).message)
    process.exitCode = 1
  }
}
