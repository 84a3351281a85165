import { csvLine } from '../../datasets/csv-line.js'
import type { Page, PageRequest } from '../collection-store.js'
import { largestPage } from '../ranges.js'
import type { JobError } from './job.js'

type ReadPage<T> = (page: PageRequest) => Page<T> | Promise<Page<T>>

/**
 * The rows of a job that failed, as CSV (RFC 4180): row, id, code, reason. Read as it is written: they may be millions. Text
 * that a spreadsheet would take for a formula has an apostrophe before it.
 */
export async function* errorsAsCsv(read: ReadPage<JobError>): AsyncGenerator<string> {
  yield csvLine(['row', 'id', 'code', 'reason'])
  for await (const { row, id, code, reason } of entriesOf(read)) {
    yield csvLine([String(row), noFormula(id ?? ''), code, noFormula(reason)])
  }
}

/** A catalogue's ids are other people's words, and spreadsheets do what a cell says (OWASP, CSV injection). */
const noFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Errors or results, an object of JSON a line. */
export async function* asLines(read: ReadPage<object>): AsyncGenerator<string> {
  for await (const entry of entriesOf(read)) yield `${JSON.stringify(entry)}\n`
}

/** All entries of a listing, page by page. */
export async function* entriesOf<T>(read: ReadPage<T>): AsyncGenerator<T> {
  let cursor: string | null = null
  do {
    const page: Page<T> = await read({ limit: largestPage, ...(cursor !== null && { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}
