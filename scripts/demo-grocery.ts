import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { loadConfig } from '../src/config.js'
import { bootstrapMean, bootstrapPairedDifference, type Interval } from '../src/evaluation/bootstrap.js'
import { createLogger } from '../src/log.js'
import { startServer } from '../src/server/start-server.js'

/*
 * A shop's question, asked over HTTP: customers' photos of groceries (the test photos of GroceryStore) against the shop's
 * catalogue (its 81 iconic pictures), answered with the ImageNet features as they are and with models/products.
 *
 *     npm run demo:grocery
 *
 * KINDRED_DATA names the folder of the published sets. All figures are shares of the photos whose product is among the
 * first K answers; intervals are 95 % bootstrap intervals that resample products, then their photos, seed 0.
 */
const models = ['imagenet', 'products'] as const
const ks = [1, 5, 10] as const
const postsAtOnce = 4

const config = loadConfig({ env: { ...process.env, KINDRED_LOG_LEVEL: 'warn' } })
const grocery = path.join(config.data, 'grocery')
const index = path.join(grocery, 'index.csv')
if (!existsSync(index)) {
  console.log(
    `skipped: ${index} is not there. Bring GroceryStore into that layout with scripts/prepare-data.ts`,
  )
  process.exit(0)
}

interface Photo {
  readonly file: string
  readonly product: string
}

const rows: Record<string, string>[] = parse(readFileSync(index), { columns: true })
const photosOf = (split: string): Photo[] =>
  rows
    .filter((row) => row['split'] === split)
    .map((row) => ({ file: path.join(grocery, row['path'] ?? ''), product: row['fine_name'] ?? '' }))

const heldOutFile = new URL('recipes/grocery-held-out.txt', import.meta.url)
const heldOut = new Set(readFileSync(heldOutFile, 'utf8').split('\n').filter(Boolean))

const store = mkdtempSync(path.join(tmpdir(), 'kindred-grocery-'))
const server = await startServer({ ...config, store, host: '127.0.0.1', port: 0 }, createLogger('warn'))
try {
  const gallery = photosOf('iconic')
  const queries = photosOf('test')
  console.log(`${gallery.length} catalogue pictures, ${queries.length} photos of customers, ${server.url}`)
  const ranks = new Map<string, number[]>()
  for (const model of models) {
    await indexCatalogue(model, gallery)
    const began = performance.now()
    ranks.set(model, await rankAll(model, queries))
    const perPhoto = (performance.now() - began) / queries.length
    console.log(`models/${model}: ${perPhoto.toFixed(1)} ms a photo at ${postsAtOnce} posts at once`)
  }
  const unseen = queries.map(({ product }) => heldOut.has(product))
  report(
    'all 81 products (61 of them seen in training)',
    queries,
    ranks,
    queries.map(() => true),
  )
  report(
    `the ${heldOut.size} held-out products, never seen in training; the gallery stays all 81`,
    queries,
    ranks,
    unseen,
  )
} finally {
  await server.close()
  rmSync(store, { recursive: true, force: true })
}

async function call(method: string, resource: string, body: FormData | object): Promise<unknown> {
  const multipart = body instanceof FormData
  const response = await fetch(`${server.url}/v1${resource}`, {
    method,
    ...(!multipart && { headers: { 'content-type': 'application/json' } }),
    body: multipart ? body : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${resource}: ${response.status} ${text}`)
  return JSON.parse(text)
}

function picture(photo: Photo): FormData {
  const form = new FormData()
  form.set('image', new Blob([readFileSync(photo.file)]), path.basename(photo.file))
  return form
}

async function indexCatalogue(model: string, gallery: readonly Photo[]): Promise<void> {
  await call('PUT', `/collections/${model}`, { model })
  for (const photo of gallery) {
    await call('PUT', `/collections/${model}/items/${encodeURIComponent(photo.product)}`, picture(photo))
  }
}

/** Place of the right product among the answers, from 1; Infinity where it is not among the first ten. */
async function rankAll(model: string, queries: readonly Photo[]): Promise<number[]> {
  const found = new Array<number>(queries.length)
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < queries.length; i = next++) {
      const photo = queries[i]
      if (photo === undefined) return
      const form = picture(photo)
      form.set('k', String(Math.max(...ks)))
      const { results } = (await call('POST', `/collections/${model}/search`, form)) as {
        results: { id: string }[]
      }
      const place = results.findIndex(({ id }) => id === photo.product)
      found[i] = place < 0 ? Infinity : place + 1
    }
  }
  await Promise.all(Array.from({ length: postsAtOnce }, work))
  return found
}

function report(
  title: string,
  queries: readonly Photo[],
  ranks: ReadonlyMap<string, readonly number[]>,
  asked: readonly boolean[],
): void {
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, i) => asked[i])
  const classes = pick(queries.map(({ product }) => product))
  const hits = (model: string, k: number): number[] =>
    pick(ranks.get(model) ?? []).map((rank) => (rank <= k ? 1 : 0))
  console.log(`\n${title}: ${classes.length} photos`)
  for (const model of models) {
    const cells = ks.map(
      (k) => `R@${k} ${show(bootstrapMean({ scores: hits(model, k), classes }, { seed: 0 }))}`,
    )
    console.log(`  ${`models/${model}`.padEnd(16)} ${cells.join('   ')}`)
  }
  const difference = bootstrapPairedDifference(
    { scores: hits('products', 1), baseline: hits('imagenet', 1), classes },
    { seed: 0 },
  )
  console.log(`  difference in R@1, photo by photo: ${show(difference)} points`)
}

function show({ mean, low, high }: Interval): string {
  const percent = (share: number): string => (100 * share).toFixed(1)
  return `${percent(mean)} (${percent(low)} to ${percent(high)})`
}
