/**
 * `npm run bench:import`: how many pictures a second an import takes, beside what decoding and embedding alone allow on
 * the same machine in the same run, without keeping anything of the pictures and with thumbnails (pictures of 256 px are
 * kept as they are: `--size 640` has thumbnails made); and how many rows a second of ready-made embeddings.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { loadConfig } from '../../src/config.js'
import {
  renderSyntheticCatalogue,
  syntheticFiles,
} from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { npyHeader } from '../../src/evaluation/npy-header.js'
import { processorSeconds } from './import/processor-time.js'
import { timeImport } from './import/time-import.js'
import { timeParts } from './import/time-parts.js'
import { median } from '../../src/bench/quantile.js'
import { scriptOptions, text, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

/** Share of the limit that an import should reach. */
const goal = 0.9
const readyDimensions = 128

const given = scriptOptions(
  'bench:import',
  'Times imports of drawn pictures, beside decoding and embedding alone, and of ready-made embeddings.',
  {
    model: text('BUNDLE', 'models/products', 'that embeds the pictures'),
    products: whole(60, 'drawn, of which there are eight pictures each'),
    size: whole(256, 'pixels a side'),
    repeats: whole(3, 'of the imports of pictures'),
    rows: whole(50_000, 'ready-made embeddings'),
  },
)

async function benchPictures(folder: string, embedder: Embedder): Promise<void> {
  const drawn = path.join(folder, 'drawn')
  const { images } = await renderSyntheticCatalogue(drawn, {
    seed: 1,
    classes: given.products,
    imagesPerClass: 8,
    queriesPerClass: 0,
    size: given.size,
  })
  console.log(`${embedder.model}, ${images} pictures of ${given.size} px`)
  const source = path.join(drawn, syntheticFiles.catalogue)
  const files = (await readFile(source, 'utf8')).trim().split('\n').slice(1)
  const pictures = files.map((row) => path.join(drawn, row.split(',')[1] ?? ''))
  const shares: number[] = []
  const costs: { readonly time: number; readonly cpu: number }[] = []
  for (let repeat = 1; repeat <= given.repeats; repeat++) {
    // The machine's speed drifts: the limit is measured on both sides of the import.
    const before = await timeParts(pictures, embedder)
    const timed = async (keep: 'none' | 'thumbnail') => {
      const began = await processorSeconds()
      const place = path.join(folder, `store-${repeat}-${keep}`)
      const seconds = await timeImport({ folder: place, source, embedder, keep })
      return { seconds, cpu: (await processorSeconds()) - began }
    }
    // The one goes first in one repeat, the other in the next.
    const early = repeat % 2 === 1 ? await timed('none') : null
    const keeping = await timed('thumbnail')
    const bare = early ?? (await timed('none'))
    const after = await timeParts(pictures, embedder)
    const limit = (before.decode + before.embed + after.decode + after.embed) / 2
    const share = limit / bare.seconds
    shares.push(share)
    costs.push({ time: keeping.seconds / bare.seconds, cpu: keeping.cpu / bare.cpu })
    const rate = (seconds: number): string => `${(images / seconds).toFixed(1)} images/s`
    console.log(
      `decode alone ${rate((before.decode + after.decode) / 2)}, embed alone ${rate((before.embed + after.embed) / 2)}, ` +
        `limit ${rate(limit)}, import ${rate(bare.seconds)}: ${share.toFixed(2)} of the limit; with thumbnails ${rate(keeping.seconds)}`,
    )
  }
  for (const [what, name] of [
    ['time', 'time'],
    ['cpu', 'processor time, which a busy machine changes less'],
  ] as const) {
    const all = costs.map((cost) => cost[what])
    const range = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`
    console.log(`keeping thumbnails / keeping nothing: ${median(all).toFixed(2)} (${range}) of ${name}`)
  }
  const middle = median(shares)
  console.log(
    `import / limit: ${middle.toFixed(2)} (${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)}); ` +
      `goal: at least ${goal}: ${middle >= goal ? 'met' : 'missed'}`,
  )
}

async function benchReadyMade(folder: string): Promise<void> {
  const { rows } = given
  const values = Float32Array.from({ length: rows * readyDimensions }, () => Math.random() - 0.5)
  const source = path.join(folder, 'ready.npy')
  const ids = path.join(folder, 'ids.txt')
  await writeFile(source, Buffer.concat([npyHeader(rows, readyDimensions), Buffer.from(values.buffer)]))
  await writeFile(ids, Array.from({ length: rows }, (_, n) => `item-${n}\n`).join(''))
  const work = {
    folder: path.join(folder, 'ready'),
    source,
    ids,
    embedder: null,
    dimensions: readyDimensions,
  }
  const first = await timeImport(work)
  const again = await timeImport(work)
  console.log(
    `ready-made embeddings of ${readyDimensions}: ${(rows / first).toFixed(0)} rows/s, ` +
      `unchanged ones ${(rows / again).toFixed(0)} rows/s (${rows} rows)`,
  )
}

await inOwnFolder(async (folder) => {
  const config = loadConfig({ env: process.env })
  const embedder = await createOnnxEmbedder(await loadBundle(given.model), {
    provider: config.provider,
    threads: config.embedThreads,
    maxBatch: config.embedBatch,
  })
  try {
    console.log(
      `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
    )
    await benchPictures(folder, embedder)
    await benchReadyMade(folder)
  } finally {
    await embedder.close()
  }
})
