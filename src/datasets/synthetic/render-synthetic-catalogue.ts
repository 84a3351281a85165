import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expected, KindredError } from '../../errors.js'
import { renderSvg } from '../../images/render-svg.js'
import { createRandom } from '../random.js'
import { chooseProducts, type Product } from './products.js'
import { drawScene } from './scene.js'

export interface SyntheticCatalogueOptions {
  readonly seed: number
  /** How many products. */
  readonly classes: number
  /** Pictures of each in the catalogue. */
  readonly imagesPerClass: number
  /** Further pictures of each that are not in the catalogue. */
  readonly queriesPerClass: number
  /** Pixels a side. */
  readonly size: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Paths inside the catalogue's folder. */
export const syntheticFiles = {
  /** Columns id, image, group, product, kind, colour, pattern. */
  catalogue: 'catalogue.csv',
  /** Columns path, label; the label is the product's group in the catalogue. */
  queries: 'queries.csv',
} as const

interface Picture {
  readonly product: Product
  readonly id: string
  /** Relative to the folder; in both roles one sub-folder a product, so that either is a labelled set as well. */
  readonly file: string
  readonly seed: number
}

const renderedAtOnce = 4

/**
 * Renders a catalogue of drawn products and queries for it: JPEG pictures under `catalogue/` and `queries/`, and the
 * CSVs that name them. The same options give the same drawings everywhere. The folder appears complete or not at all.
 *
 * @param folder must not exist, or be empty
 * @throws KindredError INVALID_ARGUMENT; the signal's reason when aborted
 */
export async function renderSyntheticCatalogue(
  folder: string,
  options: SyntheticCatalogueOptions,
): Promise<{ products: number; images: number; queries: number }> {
  const { classes, imagesPerClass, queriesPerClass, size, seed } = options
  requireWhole('imagesPerClass', imagesPerClass, 1, 9999)
  requireWhole('queriesPerClass', queriesPerClass, 0, 9999)
  requireWhole('size', size, 16, 4096)
  const products = chooseProducts(classes, seed)
  const catalogue = plan(products, imagesPerClass, 'catalogue', createRandom(seed + 1))
  const queries = plan(products, queriesPerClass, 'queries', createRandom(seed + 2))

  const target = path.resolve(folder)
  await mkdir(path.dirname(target), { recursive: true })
  const draft = await mkdtemp(`${target}.part-`)
  try {
    await renderAll(draft, [...catalogue, ...queries], options)
    await writeFile(path.join(draft, syntheticFiles.catalogue), catalogueCsv(catalogue))
    await writeFile(path.join(draft, syntheticFiles.queries), queriesCsv(queries))
    await rename(draft, target).catch((cause: unknown) => {
      throw new KindredError('INVALID_ARGUMENT', `The folder ${folder} exists already and is not empty`, {
        cause,
      })
    })
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true })
    throw thrown
  }
  return { products: products.length, images: catalogue.length, queries: queries.length }
}

function plan(products: readonly Product[], each: number, role: string, random: () => number): Picture[] {
  return products.flatMap((product) =>
    Array.from({ length: each }, (_, n) => {
      const id = `${product.id}-${String(n + 1).padStart(2, '0')}`
      // Each picture draws from its own generator: their order of rendering does not matter.
      return { product, id, file: `${role}/${product.id}/${id}.jpg`, seed: Math.floor(random() * 2 ** 32) }
    }),
  )
}

async function renderAll(
  folder: string,
  pictures: readonly Picture[],
  { size, onProgress, signal }: SyntheticCatalogueOptions,
): Promise<void> {
  for (const sub of new Set(pictures.map((picture) => path.dirname(picture.file)))) {
    await mkdir(path.join(folder, sub), { recursive: true })
  }
  for (let start = 0; start < pictures.length; start += renderedAtOnce) {
    signal?.throwIfAborted()
    const batch = pictures.slice(start, start + renderedAtOnce)
    await Promise.all(
      batch.map(async ({ product, file, seed }) => {
        const svg = drawScene(product, createRandom(seed))
        const bytes = await renderSvg(svg, { width: size, height: size, format: 'jpeg', quality: 88 })
        await writeFile(path.join(folder, file), bytes)
      }),
    )
    onProgress?.(start + batch.length, pictures.length)
  }
}

/** No cell here needs quotes: ids, file names, titles and words are ours. */
function catalogueCsv(pictures: readonly Picture[]): string {
  const rows = pictures.map(({ id, file, product }) =>
    [id, file, product.id, product.title, product.template.kind, product.colour, product.pattern].join(','),
  )
  return ['id,image,group,product,kind,colour,pattern', ...rows, ''].join('\n')
}

function queriesCsv(pictures: readonly Picture[]): string {
  return ['path,label', ...pictures.map(({ file, product }) => `${file},${product.id}`), ''].join('\n')
}

function requireWhole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw expected(`a whole number from ${low} to ${high}`, name, value)
  }
}
