import { toKindredError, type KindredError } from '../../errors.js'

/** Whether an error is about one row alone: its picture, its metadata, its id. Any other concerns every row after it. */
export const isRowError = ({ code }: KindredError): boolean =>
  code.startsWith('IMAGE_') ||
  code.startsWith('FETCH_') ||
  code === 'URL_NOT_FETCHED' ||
  code.startsWith('INVALID_') ||
  code === 'DATASET_INVALID'

/** What is wrong with a row alone, which is its outcome. @throws what concerns more than the row (see `isRowError`) */
export function rowErrorOf(thrown: unknown): KindredError {
  const error = toKindredError(thrown)
  if (!isRowError(error)) throw error
  return error
}

/** A row that an import stopped at: nothing is said of it, whatever ended its work. It is taken up again. */
export const givenUp = 'given up'

/** As `rowErrorOf` while the import goes on. Once it is to stop, what fails says nothing about its row. */
export const rowErrorUnlessStopped = (
  thrown: unknown,
  signal: AbortSignal | undefined,
): KindredError | typeof givenUp => (signal?.aborted === true ? givenUp : rowErrorOf(thrown))
