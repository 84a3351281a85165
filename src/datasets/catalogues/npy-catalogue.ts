import path from 'node:path'
import { KindredError } from '../../errors.js'
import { countEntries } from '../count-entries.js'
import { readCsv } from '../csv-rows.js'
import { openNpy } from '../npy-file.js'
import { readLines } from '../text-lines.js'
import { noMetadata, rowError, type CatalogueEntry, type RowMetadata } from './catalogue-row.js'
import type { Catalogue } from './catalogue.js'
import { fileSignature } from './file-signature.js'

/** Bytes of the matrix read at a time, about. */
const pieceBytes = 4 * 1024 * 1024

/** What the file of ids says of one row of the matrix. */
interface Named {
  readonly id: string
  readonly group: string | null
  readonly metadata: RowMetadata
  readonly problem: string | null
}

/**
 * Embeddings of a NumPy file, a row an item. Their ids come from a text file, one a line, or from a CSV with the column
 * `id`, optionally `group` (such as `kindred embed` writes beside its matrix), whose other columns are metadata.
 *
 * @throws KindredError DATASET_INVALID unless there are as many ids as rows; INVALID_ARGUMENT as `openNpy`
 */
export async function openNpyCatalogue(file: string, ids: string, maxRowBytes: number): Promise<Catalogue> {
  const npy = await openNpy(file)
  try {
    // Counted first: a list that is longer or shorter is likely another matrix's, and would name every row wrongly.
    const count = await countEntries(namesOf(ids, maxRowBytes))
    if (count !== npy.rows) {
      throw new KindredError('DATASET_INVALID', `${ids} names ${count} rows where ${file} has ${npy.rows}`)
    }
    const signature = await fileSignature(file, ids)
    let row = 0
    return {
      async *entries() {
        row = 0
        const names = namesOf(ids, maxRowBytes)
        try {
          for await (const values of rowsOf(npy)) {
            const next = await names.next()
            if (next.done === true) throw new KindredError('DATASET_INVALID', `${ids} became shorter`)
            yield entryOf(++row, next.value, values)
          }
        } finally {
          await names.return(undefined)
        }
      },
      share: () => (npy.rows === 0 ? null : row / npy.rows),
      signature,
      close: () => npy.close(),
    }
  } catch (thrown) {
    await npy.close()
    throw thrown
  }
}

async function* rowsOf(npy: Awaited<ReturnType<typeof openNpy>>): AsyncGenerator<Float32Array> {
  const atOnce = Math.max(1, Math.floor(pieceBytes / (4 * Math.max(1, npy.columns))))
  for (let first = 0; first < npy.rows; first += atOnce) {
    const count = Math.min(atOnce, npy.rows - first)
    const values = await npy.read(first, count)
    for (let row = 0; row < count; row++) yield values.subarray(row * npy.columns, (row + 1) * npy.columns)
  }
}

function entryOf(row: number, { id, group, metadata, problem }: Named, values: Float32Array): CatalogueEntry {
  if (problem !== null) return rowError(row, id, problem)
  return { kind: 'row', row: { row, id, content: { kind: 'embedding', values }, group, metadata } }
}

function namesOf(file: string, longest: number): AsyncGenerator<Named> {
  return path.extname(file).toLowerCase() === '.csv' ? namesOfCsv(file, longest) : namesOfText(file, longest)
}

async function* namesOfText(file: string, longest: number): AsyncGenerator<Named> {
  for await (const { text, problem } of readLines(file, longest).lines) {
    yield { id: text ?? '', group: null, metadata: noMetadata, problem }
  }
}

async function* namesOfCsv(file: string, longest: number): AsyncGenerator<Named> {
  const { header, rows } = await readCsv(file, longest)
  const [idAt = -1, groupAt = -1] = ['id', 'group'].map((column) => header.indexOf(column))
  if (idAt < 0) {
    await rows.return(undefined)
    throw new KindredError('DATASET_INVALID', `${file} has no column "id"`)
  }
  for await (const { cells } of rows) {
    const others = header.flatMap((column, at) => {
      const value = cells[at] ?? ''
      return at === idAt || at === groupAt || column === '' || value === '' ? [] : [[column, value] as const]
    })
    yield {
      id: cells[idAt] ?? '',
      group: cells[groupAt] || null,
      metadata: { kind: 'cells', cells: Object.fromEntries(others) },
      problem:
        cells.length === header.length ? null : `${cells.length} cells where the header has ${header.length}`,
    }
  }
}
