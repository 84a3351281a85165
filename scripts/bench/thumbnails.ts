/**
 * `npm run bench:thumbnails`: what it costs a collection to be embedded from thumbnails. For each length of their shorter
 * side: the cosine of a thumbnail's embedding with the picture's own, and Recall@1 of the pictures among the thumbnails.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { Slots } from '../../src/collections/imports/slots.js'
import { loadConfig } from '../../src/config.js'
import type { LabelledSet } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'
import { renderSyntheticCatalogue } from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { embedImage } from '../../src/embedding/embed-image.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { expected } from '../../src/errors.js'
import { embedSet, type EmbedSetResult } from '../../src/evaluation/embed-set.js'
import { retrievalMetrics } from '../../src/evaluation/retrieval-metrics.js'
import { imageLimitsFrom } from '../../src/images/limits.js'
import { makeThumbnail } from '../../src/images/thumbnail.js'
import { quantile } from '../../src/bench/quantile.js'
import { list, optionalText, scriptOptions, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions(
  'bench:thumbnails',
  'What it costs a collection to be embedded from thumbnails: cosines and Recall@1, by the length of the shorter side.',
  {
    models: list('BUNDLE', ['models/imagenet', 'models/products'], 'that embed them'),
    data: optionalText(
      'SET',
      'labelled pictures; by itself the birds that the shipped models never saw, where KINDRED_DATA points',
    ),
    classes: optionalText('RANGE', 'of the set'),
    sides: optionalText('N,...', 'shorter sides of thumbnails, in pixels, from 16'),
    products: whole(60, 'that are drawn, large as photos are; the published sets are small', 0),
  },
)

const config = loadConfig({ env: process.env })
const limits = imageLimitsFrom(config)

interface Thumbnails {
  readonly embeddings: Float32Array
  /** Mean of their files, in bytes. */
  readonly bytes: number
}

async function embedThumbnails(
  pictures: EmbedSetResult,
  side: number,
  embedder: Embedder,
): Promise<Thumbnails> {
  const { images, dimensions } = pictures
  const embeddings = new Float32Array(images.length * dimensions)
  const slots = new Slots(16)
  let bytes = 0
  await Promise.all(
    images.map((image, row) =>
      slots.run(async () => {
        const thumbnail = await makeThumbnail(await readFile(image.path), side, limits)
        bytes += thumbnail.length
        const { embedding } = await embedImage(embedder, thumbnail, { limits })
        embeddings.set(embedding, row * dimensions)
      }),
    ),
  )
  return { embeddings, bytes: bytes / images.length }
}

function cosines({ embeddings, dimensions }: EmbedSetResult, others: Float32Array): number[] {
  return Array.from({ length: embeddings.length / dimensions }, (_, row) => {
    let sum = 0
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++)
      sum += (embeddings[i] ?? 0) * (others[i] ?? 0)
    return sum
  })
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

interface Subject {
  readonly name: string
  readonly set: LabelledSet
  readonly sides: string
}

async function bench(model: string, { name, set, sides }: Subject): Promise<void> {
  const embedder = await createOnnxEmbedder(await loadBundle(model), {
    provider: config.provider,
    threads: config.embedThreads,
    maxBatch: config.embedBatch,
  })
  try {
    const pictures = await embedSet(embedder, set, { limits })
    const { recall } = await retrievalMetrics({ queries: pictures, ks: [1] })
    const own = recall['1'] ?? NaN
    console.log(`${name}, ${pictures.images.length} pictures, ${embedder.model}: Recall@1 ${percent(own)}`)
    for (const side of parseSides(given.sides ?? sides)) {
      const { embeddings, bytes } = await embedThumbnails(pictures, side, embedder)
      const found = await retrievalMetrics({
        queries: pictures,
        gallery: { ...pictures, embeddings },
        ks: [1],
      })
      const all = cosines(pictures, embeddings)
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length
      const recallNow = found.recall['1'] ?? NaN
      console.log(
        `  thumbnails of ${side} px (${(bytes / 1000).toFixed(1)} kB): cosine ${mean.toFixed(4)} on average, ` +
          `${quantile(all, 0.05).toFixed(4)} at the 5th percentile; Recall@1 ${percent(recallNow)} ` +
          `(${(100 * (recallNow - own)).toFixed(1)} points)`,
      )
    }
  } finally {
    await embedder.close()
  }
}

function parseSides(text: string): number[] {
  const all = text.split(',').map(Number)
  if (all.length > 0 && all.every((side) => Number.isInteger(side) && side >= 16)) return all
  throw expected('whole numbers from 16, separated by commas', '--sides', text)
}

async function published(): Promise<Subject | null> {
  const birds = path.join(config.data, 'cub-half')
  const data = given.data ?? birds
  if (existsSync(data)) {
    const classes = given.classes ?? (data === birds ? '50-99' : undefined)
    const set = await readSet(data, classes === undefined ? {} : { classes })
    return { name: path.basename(data), set, sides: '160,128,96,64' }
  }
  console.log(
    `skipped: ${data} is not there. KINDRED_DATA names the folder of the published sets ` +
      '(npx tsx scripts/prepare-data.ts cub-half SOURCE TARGET makes this one), --data any other labelled set.',
  )
  return null
}

async function drawn(folder: string): Promise<Subject | null> {
  const { products: classes } = given
  if (classes === 0) return null
  const options = { seed: 1, classes, imagesPerClass: 8, queriesPerClass: 0, size: 960 }
  await renderSyntheticCatalogue(folder, options)
  const set = await readSet(path.join(folder, 'catalogue'), { format: 'folder' })
  return { name: 'drawn products of 960 px', set, sides: '320,224,160' }
}

await inOwnFolder(async (folder) => {
  console.log(
    `${availableParallelism()} cores; each picture is looked for among the thumbnails of all others`,
  )
  for (const subject of [await published(), await drawn(folder)]) {
    if (subject !== null) for (const model of given.models) await bench(model, subject)
  }
})
