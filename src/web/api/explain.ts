import { ApiProblem } from '../../client/client.js'

/** An error in plain words. */
export interface Explained {
  readonly title: string
  /** What to do next. */
  readonly advice: string
  /** Whether the same thing may well work a little later. */
  readonly again: boolean
  /** What the server said, and by what it can be found in the log. */
  readonly detail: string | null
}

type Words = readonly [title: string, advice: string]

const tooLarge: Words = ['This picture file is too large', 'Save it smaller, or as a JPEG, and try again.']

/** What the page says in place of the server's own words, which are for programmers. */
export const wordsFor: Readonly<Record<string, Words>> = {
  IMAGE_UNSUPPORTED: ['This is not a picture I can read', 'Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file.'],
  IMAGE_CORRUPT: [
    'This picture is damaged',
    'Open it in a picture program, save it again, and try that file.',
  ],
  IMAGE_EMPTY: ['This file is empty', 'Choose another picture.'],
  IMAGE_TOO_LARGE: tooLarge,
  IMAGE_TOO_MANY_PIXELS: ['This picture has too many pixels', 'Save it smaller and try again.'],
  IMAGE_TIMEOUT: [
    'This picture takes too long to read',
    'Save it smaller, or as a plain JPEG, and try again.',
  ],
  URL_NOT_FETCHED: [
    'The server does not fetch pictures from that address',
    'Save the picture and drop the file here instead.',
  ],
  FETCH_FAILED: [
    'There is no picture to be had at that address',
    'Check the address, or save the picture and drop it here.',
  ],
  FETCH_TIMEOUT: ['That address takes too long to answer', 'Save the picture and drop it here.'],
  COLLECTION_NOT_FOUND: ['There is no such collection', 'Choose another one where it says Collection.'],
  COLLECTION_EXISTS: ['There is a collection of that name already', 'Choose another name.'],
  ITEM_NOT_FOUND: ['That item is not there any more', 'Search with another picture.'],
  MODEL_MISMATCH: ['This collection does not take pictures', 'Choose a collection that has a model.'],
  FORBIDDEN: ['Your key does not allow this', 'Use another key, or ask whoever runs the server for one.'],
  UNAUTHORIZED: ['This server wants a key', 'Enter your key.'],
  RATE_LIMITED: ['That were too many requests at a time', 'Wait a little and try again.'],
  PAYLOAD_TOO_LARGE: ['This file is too large for the server', 'Use smaller files, or several parts.'],
  ARCHIVE_INVALID: ['This archive cannot be opened', 'Pack plain files again, as zip or tar, and drop that.'],
  DATASET_INVALID: [
    'This catalogue cannot be read',
    'See below what is wrong with it, mend the file and drop it again.',
  ],
  CURSOR_GONE: ['The collection has changed meanwhile', 'Search again to see more answers.'],
  SNAPSHOT_EXISTS: ['There is a snapshot of that name already', 'Choose another name.'],
  JOBS_FULL: ['Too many jobs are waiting', 'Try again when some are done.'],
  PREVIOUS_NOT_FOUND: ['There is nothing to go back to', 'Only what was replaced lately can be put back.'],
}

const busy: Words = ['The server is very busy', 'Try again in a moment.']
const starting: Words = ['The server is not ready yet, or is being stopped', 'Try again in a moment.']
const broken: Words = [
  'Something went wrong on the server',
  'Try again. If it stays so, tell whoever runs the server.',
]
const refused: Words = ['The server did not accept this', 'See what it says below.']
const unreachable: Words = [
  'The server cannot be reached',
  'Check that it is running and that you are online, then try again.',
]
const tooSlow: Words = ['The server did not answer in time', 'Try again in a moment.']
const unforeseen: Words = ['Something went wrong on this page', 'Reload the page and try again.']

/** A picture that need not be sent, because the server would not take it. */
export class PictureTooLarge extends Error {}

/** Says in plain words what went wrong and what to do next. */
export function explain(error: unknown): Explained {
  if (error instanceof ApiProblem) return explainProblem(error)
  if (error instanceof PictureTooLarge) {
    return { ...named(tooLarge), again: false, detail: error.message }
  }
  // What fetch throws where there is no connection.
  if (error instanceof TypeError) return { ...named(unreachable), again: true, detail: null }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { ...named(tooSlow), again: true, detail: null }
  }
  return { ...named(unforeseen), again: true, detail: error instanceof Error ? error.message : String(error) }
}

function explainProblem({ code, status, message, requestId }: ApiProblem): Explained {
  const detail = requestId === undefined ? message : `${message} (request ${requestId})`
  const known = wordsFor[code]
  if (known !== undefined)
    return { ...named(known), again: code === 'RATE_LIMITED' || code === 'JOBS_FULL', detail }
  if (code === 'NOT_READY' || code === 'SHUTTING_DOWN') return { ...named(starting), again: true, detail }
  if (status === 503 || status === 429) return { ...named(busy), again: true, detail }
  if (status >= 500) return { ...named(broken), again: true, detail }
  return { ...named(refused), again: false, detail }
}

const named = ([title, advice]: Words) => ({ title, advice })
