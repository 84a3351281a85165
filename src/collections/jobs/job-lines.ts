import { csvLine } from '../../datasets/csv-line.js'
import type { Page, PageRequest } from '../collection-store.js'
import { largestPage } from '../ranges.js'
import type { JobError } from './job.js'

type ReadErrors = { errors(id: string, page: PageRequest): Page<JobError> }
type ReadResults = { results(id: string, page: PageRequest): Page<object> }

/** The rows of a job that failed, as CSV (RFC 4180): row, id, code, reason. Read as it is written: they may be millions. */
export function* errorsAsCsv(jobs: ReadErrors, id: string): Generator<string> {
  yield csvLine(['row', 'id', 'code', 'reason'])
  for (const { row, id: item, code, reason } of all((page) => jobs.errors(id, page))) {
    yield csvLine([String(row), item ?? '', code, reason])
  }
}

/** The same, an object of JSON a line. */
export function* errorsAsLines(jobs: ReadErrors, id: string): Generator<string> {
  for (const error of all((page) => jobs.errors(id, page))) yield `${JSON.stringify(error)}\n`
}

/** What a job found, an object of JSON a line. */
export function* resultAsLines(jobs: ReadResults, id: string): Generator<string> {
  for (const result of all((page) => jobs.results(id, page))) yield `${JSON.stringify(result)}\n`
}

function* all<T>(read: (page: PageRequest) => Page<T>): Generator<T> {
  let cursor: string | null = null
  do {
    const page: Page<T> = read({ limit: largestPage, ...(cursor !== null && { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}
