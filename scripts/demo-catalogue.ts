import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { optionalWhole, scriptOptions } from './script-options.js'
import { openEmbeddedStore } from '../src/collections/embedded/embedded-store.js'
import type { CollectionStore } from '../src/collections/collection-store.js'
import { loadConfig } from '../src/config.js'
import { createLogger } from '../src/log.js'
import { writeGroceryCatalogue } from './demo-catalogue/grocery-catalogue.js'
import { newestJob, runIndex } from './demo-catalogue/index-command.js'

/*
 * A catalogue of thousands of pictures through an import that is killed half-way and goes on, and what can be asked of it
 * then: by class, by product, for duplicates.
 *
 *     npm run demo:catalogue
 *     npm run demo:catalogue -- --rows 500     # a part of it, evenly drawn
 *
 * KINDRED_DATA names the folder of the published sets.
 */
const collection = 'grocery'
/** Two photos of one kind of apple reach 0.95 and more: only what is nearly the same picture is above. */
const nearDuplicate = 0.99
const given = scriptOptions(
  'demo:catalogue',
  'Takes GroceryStore through a catalogue, an import killed half-way included.',
  {
    rows: optionalWhole('pictures, evenly drawn; all unless given'),
  },
)
const config = loadConfig({ env: process.env })
const grocery = path.join(config.data, 'grocery')
if (!existsSync(path.join(grocery, 'index.csv'))) {
  console.log(
    `skipped: ${grocery} has no index.csv. Bring GroceryStore into that layout with scripts/prepare-data.ts`,
  )
  process.exit(0)
}
const folder = mkdtempSync(path.join(tmpdir(), 'kindred-catalogue-'))
try {
  const source = path.join(folder, 'grocery.csv')
  const storeFolder = path.join(folder, 'store')
  const rows = writeGroceryCatalogue(grocery, source, given.rows)
  await importKilledHalfway(source, storeFolder, rows)
  const store = await openEmbeddedStore(storeFolder, { logger: createLogger('warn') })
  try {
    await ask(store)
  } finally {
    await store.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function importKilledHalfway(source: string, store: string, rows: number): Promise<void> {
  const args = [source, '--collection', collection, '--model', config.model]
  console.log(`1. ${rows} pictures of GroceryStore are indexed with ${config.model}.`)
  const began = performance.now()
  const { signal } = await runIndex(args, { store, killAfter: Math.floor(rows / 2) })
  const before = newestJob(store)
  if (signal !== 'SIGKILL' || before === null) throw new Error('The import ended before it could be killed')
  console.log(
    `   Its process was killed (${signal}) when ${before.counts.total} rows were noted as done, after ${seconds(began)}.`,
  )
  const resumed = performance.now()
  const { code } = await runIndex([...args, '--resume'], { store, killAfter: null })
  const after = newestJob(store)
  if (code !== 0 || after?.state !== 'done')
    throw new Error(`The resumed import ended with ${code ?? 'a signal'}`)
  const { total, embedded, unchanged, failed } = after.counts
  console.log(
    `   The same command with --resume went on with job ${after.id} and finished it in ${seconds(resumed)}:`,
  )
  console.log(
    `   ${total} rows, ${embedded} embedded once each, ${unchanged} done twice, ${failed} failed.\n`,
  )
}

async function ask(store: CollectionStore): Promise<void> {
  const { counts, fields } = await store.getCollection(collection)
  const facets = await store.facets(collection, { field: 'category', limit: 5 })
  console.log(
    `2. The collection has ${counts.items} items of ${counts.groups} products, with the fields ${Object.keys(fields).join(', ')}.`,
  )
  console.log(
    `   Of its ${facets.distinct} coarse classes the largest are ${facets.values.map(({ value, count }) => `${String(value)} (${count})`).join(', ')}.\n`,
  )
  const category = String(facets.values[0]?.value ?? '')
  const page = await store.listItems(collection, {
    limit: 1,
    filter: { category: { eq: category }, split: { eq: 'test' } },
  })
  const [query] = page.items
  if (query === undefined) throw new Error(`There is no test picture of the class ${category}`)
  const embedding = await store.getEmbedding(collection, query.id)
  const like = { embedding, k: 5, excludeId: query.id }

  console.log(`3. A customer's photo: ${query.id}.`)
  const shelf = { split: { eq: 'iconic' } }
  for (const [what, filter] of [
    ["the shop's own pictures most like it", shelf],
    [`the same, of the class ${category} alone`, { ...shelf, category: { eq: category } }],
  ] as const) {
    const { hits, total, plan } = await store.search(collection, { ...like, filter })
    console.log(`   Of ${total}, ${what} (${plan}):`)
    for (const { id, score } of hits) console.log(`     ${score.toFixed(3)}  ${id}`)
  }

  const { groups } = await store.search(collection, { ...like, groupBy: 'group', groupSize: 2 })
  console.log(`\n4. Grouped by product, the five products most like it, each with its best pictures:`)
  for (const { group, items } of groups ?? []) {
    console.log(
      `     ${String(group).padEnd(24)} ${items.map(({ id, score }) => `${score.toFixed(3)} ${path.basename(id)}`).join(', ')}`,
    )
  }

  const began = performance.now()
  const alike = await store.findDuplicates(collection, { threshold: nearDuplicate, most: 10_000 })
  console.log(
    `\n5. Every picture was compared with its nearest (${seconds(began)}): ${alike.length} groups have a cosine of ` +
      `${nearDuplicate} or more${alike.length === 0 ? '.' : ', of which the first:'}`,
  )
  for (const { items } of alike.slice(0, 5)) {
    console.log(`     ${items.map(({ id, similarity }) => `${id} (${similarity.toFixed(4)})`).join(' ~ ')}`)
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`
}
