import { statSync } from 'node:fs'
import { KindredError } from '../../errors.js'
import { readCsv, type CsvRows } from '../csv-rows.js'
import { rowError, type CatalogueEntry } from './catalogue-row.js'
import type { Catalogue } from './catalogue.js'
import { fileSignature } from './file-signature.js'
import { resolvePicture, type ResolvePath } from './picture-reference.js'

const reserved: ReadonlySet<string> = new Set(['id', 'image', 'group'])

/** A CSV with the columns `id`, `image`, optionally `group`; every other column is metadata, its empty cells left out. */
export async function openCsvCatalogue(
  file: string,
  { resolve, maxRowBytes }: { resolve: ResolvePath; maxRowBytes: number },
): Promise<Catalogue> {
  let csv: CsvRows | null = null
  return {
    async *entries() {
      csv = await readCsv(file, maxRowBytes)
      yield* entriesOf(file, csv, resolve)
    },
    share: () => (csv === null ? 0 : csv.bytesRead() / Math.max(1, statSync(file).size)),
    signature: await fileSignature(file),
    close: () => Promise.resolve(),
  }
}

async function* entriesOf(
  file: string,
  { header, rows }: CsvRows,
  resolve: ResolvePath,
): AsyncGenerator<CatalogueEntry> {
  for (const column of ['id', 'image']) {
    if (!header.includes(column)) {
      await rows.return(undefined)
      throw new KindredError('DATASET_INVALID', `${file} has no column ${JSON.stringify(column)}`, {
        hint: `Its columns are ${header.join(', ')}${column === 'image' && header.includes('path') ? '; rename path to image, which names the picture in a catalogue' : ''}`,
      })
    }
  }
  const [idAt, imageAt, groupAt] = ['id', 'image', 'group'].map((column) => header.indexOf(column))
  const others = header.flatMap((column, at) =>
    reserved.has(column) || column === '' ? [] : [{ column, at }],
  )
  for await (const { line, cells } of rows) {
    const cell = (at: number | undefined): string => cells[at ?? -1] ?? ''
    const id = cell(idAt)
    if (cells.length !== header.length) {
      const more =
        cells.length > header.length ? '; a cell with a comma in it, as a data URI, stands in quotes' : ''
      yield rowError(line, id, `${cells.length} cells where the header has ${header.length}${more}`)
    } else if (id === '' || cell(imageAt) === '') {
      yield rowError(line, id, `no value in column ${id === '' ? 'id' : 'image'}`)
    } else {
      const content = resolvePicture(cell(imageAt), resolve)
      if ('reason' in content) {
        yield rowError(line, id, content.reason, content.code)
        continue
      }
      const filled = others.flatMap(({ column, at }) =>
        cell(at) === '' ? [] : [[column, cell(at)] as const],
      )
      const metadata = { kind: 'cells', cells: Object.fromEntries(filled) } as const
      yield { kind: 'row', row: { row: line, id, content, group: cell(groupAt) || null, metadata } }
    }
  }
}
