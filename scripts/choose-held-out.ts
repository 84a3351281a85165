import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { createRandom, sample } from '../src/datasets/random.js'

/*
 * Chooses the 20 grocery products that no training may see, with their photos and catalogue pictures alike, so that
 * every model measured on them is measured on classes it has never met. Run once, before any training; the list is
 * committed and stays as it is through every retraining.
 *
 *     tsx scripts/choose-held-out.ts FOLDER-OF-GROCERY > scripts/recipes/grocery-held-out.txt
 */
const seed = 20
const count = 20

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: tsx scripts/choose-held-out.ts FOLDER-OF-GROCERY')

const rows: Record<string, string>[] = parse(readFileSync(path.join(folder, 'index.csv')), { columns: true })
const products = [...new Set(rows.map((row) => row['fine_name'] ?? ''))].sort()
const heldOut = sample(products, count, createRandom(seed)).sort()
writeFileSync(1, `${heldOut.join('\n')}\n`)
