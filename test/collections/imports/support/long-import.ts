import { importCatalogue } from '../../../../src/collections/import-catalogue.js'
import { SeenIds } from '../../../../src/collections/imports/seen-ids.js'
import type { CatalogueEntry } from '../../../../src/datasets/catalogues/catalogue-row.js'

/**
 * Streams a catalogue of ready-made embeddings into a target that keeps nothing, and prints how many megabytes of
 * JavaScript's memory were in use at most, measured after collecting garbage.
 */
const count = Number(process.argv[2])
let most = 0
const measure = (): void => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  most = Math.max(most, (heapUsed + external) / 1e6)
}

async function* entries(): AsyncGenerator<CatalogueEntry> {
  for (let row = 1; row <= count; row++) {
    if (row % 5000 === 0) measure()
    yield {
      kind: 'row',
      row: {
        row,
        id: `a-rather-long-name-of-an-item-${row}`,
        content: { kind: 'embedding', values: Float32Array.of(row, 1, 2, 3) },
        group: null,
        metadata: { kind: 'values', values: { price: row } },
      },
    }
    // As a file does, which is read piece by piece.
    if (row % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

const seen = new SeenIds()
const target = {
  importChunk: (rows: readonly unknown[]) => Promise.resolve(rows.map(() => 'embedded' as const)),
}
const { counts } = await importCatalogue({ entries }, target, { fields: {}, seen })
if (counts.embedded !== count) throw new Error(`${counts.embedded} rows arrived`)
seen.close()
console.log(most.toFixed(1))
