import { createReadStream, type ReadStream } from 'node:fs'
import { Transform, type TransformCallback } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { KindredError } from '../errors.js'

interface CsvRow {
  /** Line of the file on which the row ends, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvRows {
  /** Names of the columns, trimmed. */
  readonly header: readonly string[]
  readonly rows: AsyncGenerator<CsvRow>
  /** Bytes of the file up to the end of the newest row: a small file is read as a whole before its first row comes. */
  bytesRead(): number
}

/** Longest row taken, in bytes, where the reader says nothing else. */
const longestRow = 64 * 1024 * 1024

/**
 * Streams a CSV file (RFC 4180, UTF-8 with or without a byte order mark) whose first line names the columns. Empty
 * lines are skipped; a row may have more or fewer cells than there are columns, which is for the reader to judge.
 *
 * @param longest most bytes of a row: an open quote would otherwise take the rest of the file for one cell
 * @throws KindredError DATASET_INVALID, here or while reading: no such file, not CSV, no header, a column named twice
 */
export async function readCsv(file: string, longest = longestRow): Promise<CsvRows> {
  const source = createReadStream(file)
  const read = { bytes: 0 }
  const rows = parseRows(file, source, longest, read)
  const first = await rows.next()
  if (first.done === true)
    throw new KindredError('DATASET_INVALID', `${file} is empty: its first line must name the columns`)
  const header = first.value.cells
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new KindredError('DATASET_INVALID', `${file} has two columns named ${JSON.stringify(twice)}`)
  }
  return { header, rows, bytesRead: () => read.bytes }
}

/** Passes UTF-8 on as it is; anything else would become other text without a word. */
function utf8Only(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (done: TransformCallback, chunk?: Buffer): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
      done(null, chunk)
    } catch {
      done(new Error('it is not UTF-8'))
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      check(done, chunk)
    },
    flush(done) {
      check(done)
    },
  })
}

async function* parseRows(
  file: string,
  source: ReadStream,
  longest: number,
  read: { bytes: number },
): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: longest,
  })
  source.on('error', (cause) => parser.destroy(cause))
  const text = utf8Only()
  text.on('error', (cause) => parser.destroy(cause))
  source.pipe(text).pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number; bytes: number }
    }>) {
      read.bytes = info.bytes
      yield { line: info.lines, cells: record }
    }
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    const lines: unknown = cause instanceof CsvError ? cause['lines'] : undefined
    const where = typeof lines === 'number' ? `${file}, line ${lines}` : file
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new KindredError('DATASET_INVALID', `${where}: ${reason}`, { cause })
  } finally {
    source.destroy()
  }
}
