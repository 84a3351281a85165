import { briefText } from './brief-text.js'

/**
 * Every error kindred can give: its code, HTTP status, title and, where there is a next step, a hint.
 * A code is part of the API: scripts match on it, so it is never renamed.
 */
export const errorRegistry = {
  // Anything that nobody foresaw.
  INTERNAL: { status: 500, title: 'Internal error' },
  // 499 is what servers commonly log for a caller that went away.
  INTERRUPTED: { status: 499, title: 'Interrupted', hint: 'Run the same command again.' },

  // Wrong use, whatever the door.
  INVALID_ARGUMENT: { status: 400, title: 'Invalid argument' },
  INVALID_REQUEST: { status: 400, title: 'Invalid request', hint: 'See /docs for what the operation takes.' },
  INVALID_SETTING: { status: 400, title: 'Invalid setting' },

  // Images.
  IMAGE_UNREADABLE: { status: 404, title: 'Image file cannot be read' },
  IMAGE_EMPTY: { status: 400, title: 'Empty image', hint: 'Send the content of an image file.' },
  IMAGE_TOO_LARGE: {
    status: 413,
    title: 'Image file too large',
    hint: 'Save it smaller. The setting maxImageBytes raises the limit.',
  },
  IMAGE_TOO_MANY_PIXELS: {
    status: 413,
    title: 'Image has too many pixels',
    hint: 'Save it smaller. The setting maxImagePixels raises the limit.',
  },
  IMAGE_UNSUPPORTED: {
    status: 415,
    title: 'Unsupported image format',
    hint: 'Send JPEG, PNG, WebP, GIF, TIFF or AVIF.',
  },
  IMAGE_CORRUPT: { status: 422, title: 'Corrupt image', hint: 'Save it again, or send another copy of it.' },
  IMAGE_NOT_KEPT: { status: 404, title: 'Nothing is kept of the picture' },
  IMAGE_TIMEOUT: {
    status: 422,
    title: 'Image takes too long to decode',
    hint: 'Save it smaller, or again as a plain JPEG or PNG. The setting decodeSeconds raises the limit.',
  },
  URL_NOT_FETCHED: {
    status: 403,
    title: 'URL is not fetched',
    hint: 'The setting fetchFrom says what is; or send the picture itself.',
  },
  FETCH_FAILED: { status: 502, title: 'Picture could not be fetched' },
  FETCH_TIMEOUT: { status: 504, title: 'Picture took too long to fetch' },

  // Model bundles and embedding.
  MODEL_NOT_FOUND: { status: 404, title: 'Model not found' },
  MODEL_CORRUPT: { status: 500, title: 'Model bundle is damaged' },
  MODEL_UNSUITABLE: { status: 400, title: 'Not an image encoder' },
  MODEL_MISMATCH: { status: 409, title: 'Model does not fit the collection' },
  EMBEDDER_BUSY: { status: 503, title: 'Embedder is busy', hint: 'Try again in a moment.' },
  EMBEDDER_CLOSED: { status: 503, title: 'Embedder is closed' },
  EMBEDDER_FAILED: { status: 500, title: 'Embedder failed' },

  // Collections.
  COLLECTION_NOT_FOUND: { status: 404, title: 'Collection not found' },
  COLLECTION_EXISTS: { status: 409, title: 'Collection exists with other settings' },
  SETTING_FIXED: { status: 409, title: 'Setting of a collection cannot change' },
  NAME_IS_ALIAS: { status: 409, title: 'Name is that of an alias' },
  SUCCESSOR_GONE: {
    status: 409,
    title: 'Collection was replaced while it was embedded anew',
    hint: 'Start the change of model again.',
  },
  REINDEX_INCOMPLETE: {
    status: 409,
    title: 'Too many items could not be embedded anew',
    hint: 'Index them again from their pictures, or let them go with --allow-missing.',
  },
  PREVIOUS_NOT_FOUND: { status: 404, title: 'Nothing to roll back to' },
  ALIAS_NOT_FOUND: { status: 404, title: 'Alias not found' },
  NAME_TAKEN: { status: 409, title: 'Name is taken' },
  SNAPSHOT_NOT_FOUND: { status: 404, title: 'Snapshot not found' },
  SNAPSHOT_EXISTS: { status: 409, title: 'Snapshot exists' },
  SNAPSHOT_INVALID: { status: 422, title: 'Snapshot cannot be used' },
  ITEM_NOT_FOUND: { status: 404, title: 'Item not found' },
  PRECONDITION_FAILED: {
    status: 412,
    title: 'Item is not as the request says',
    hint: 'Get the item again: its ETag says what it is now.',
  },
  INVALID_EMBEDDING: {
    status: 400,
    title: 'Invalid embedding',
    field: 'embedding',
    hint: 'As many finite numbers as the collection has dimensions, not all zero.',
  },
  INVALID_METADATA: {
    status: 400,
    title: 'Invalid metadata',
    field: 'metadata',
    hint: 'The collection says the types of its fields; each has that of its first value.',
  },
  INVALID_FILTER: {
    status: 400,
    title: 'Invalid filter',
    field: 'filter',
    hint: 'Operators and their operands are listed in /docs, under the Filter schema.',
  },
  INVALID_CURSOR: {
    status: 400,
    title: 'Invalid cursor',
    field: 'cursor',
    hint: 'A nextCursor as it came, with the request that it came from.',
  },
  CURSOR_GONE: {
    status: 410,
    title: 'Cursor is gone',
    field: 'cursor',
    hint: 'Search again without a cursor.',
  },
  STORE_LOCKED: {
    status: 423,
    title: 'Store is in use by another process',
    hint: 'Where a server has it, go through that: --url, with the address it printed. Else wait for the command that has it.',
  },
  STORE_CLOSED: { status: 503, title: 'Store is closed' },
  STORE_CORRUPT: { status: 500, title: 'Store is damaged', hint: 'Check it with: kindred doctor' },
  STORE_FAILED: { status: 500, title: 'Store failed', hint: 'The log has the details.' },
  STORE_TOO_NEW: { status: 500, title: 'Store was written by a newer version', hint: 'Update kindred.' },

  // Catalogues, labelled sets and training.
  DATASET_INVALID: { status: 400, title: 'Invalid data set' },
  ARCHIVE_INVALID: {
    status: 422,
    title: 'Archive cannot be taken',
    hint: 'Pack plain files with relative names; the limits are settings (max-archive-...).',
  },
  WEIGHTS_INVALID: { status: 400, title: 'Invalid weights file' },
  DOWNLOAD_FAILED: { status: 502, title: 'Download failed' },
  CACHE_FAILED: {
    status: 500,
    title: 'Cache file of training failed',
    hint: 'Is its disk full? cache.fileMaxBytes says how large the file may get.',
  },
  TRAINING_DIVERGED: {
    status: 500,
    title: 'Training diverged',
    hint: 'Lower learningRate, or clipNorm; the last checkpoint is from before.',
  },
  EXPORT_MISMATCH: { status: 500, title: 'Exported network differs from the trained one' },
  TENSORFLOW_MISSING: {
    status: 500,
    title: 'TensorFlow is not set up',
    hint: 'Run: npm run setup:tensorflow',
  },
  TENSORFLOW_SETUP: { status: 500, title: 'TensorFlow could not be set up' },

  // Jobs.
  JOB_NOT_FOUND: { status: 404, title: 'Job not found' },
  JOB_UNFINISHED: { status: 409, title: 'Job is not done', hint: 'GET /v1/jobs/ID/events tells when it is.' },
  JOBS_FULL: { status: 503, title: 'Too many jobs wait', hint: 'Try again when some are done.' },
  TOO_MANY_LISTENERS: {
    status: 503,
    title: 'Too many follow events',
    hint: 'GET /v1/jobs/ID tells how far the job is.',
  },
  PATH_NOT_ALLOWED: {
    status: 403,
    title: 'Path is not in a folder that imports may read',
    hint: 'Upload the file, or let the server be started with --import-roots.',
  },
  TOO_MANY_DUPLICATES: { status: 422, title: 'Too many duplicates', hint: 'Ask with a higher threshold.' },
  SOURCE_INCOMPLETE: {
    status: 409,
    title: 'Source may have more than could be read',
    hint: 'Mend the rows that failed and import it again.',
  },
  CONFIRMATION_NEEDED: {
    status: 409,
    title: 'Deletion was not confirmed',
    hint: 'Say how many may go: --delete-missing --confirm N, or "deleteMissing": N.',
  },

  // A server that the command line talks to.
  SERVER_UNREACHABLE: {
    status: 502,
    title: 'Server cannot be reached',
    hint: 'Is it running? Start one with: kindred serve',
  },

  // Access.
  UNAUTHORIZED: {
    status: 401,
    title: 'API key needed',
    hint: 'Send one as "Authorization: Bearer KEY"; the command line takes it from KINDRED_KEY. Make one with: kindred keys create',
  },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    hint: 'Retry-After says in how many seconds to go on; the limits are settings (rate-limit-...).',
  },
  KEY_NOT_FOUND: { status: 404, title: 'API key not found', hint: 'See them with: kindred keys list' },
  KEYS_NEEDED: {
    status: 403,
    title: 'Server without keys stays on this machine',
    hint: 'Make a key in the same --store: kindred keys create --scope search. Or listen on 127.0.0.1.',
  },

  // HTTP alone.
  MALFORMED_REQUEST: {
    status: 400,
    title: 'Malformed HTTP request',
    hint: 'Send HTTP/1.1 with one Host header and one length; TLS and HTTP/2 need a proxy in front.',
  },
  NOT_FOUND: { status: 404, title: 'No such resource' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    hint: 'The Allow header names those that are.',
  },
  REQUEST_TIMEOUT: { status: 408, title: 'Request took too long to arrive' },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'Request body too large',
    hint: 'Send less at once. The limits are settings: maxJsonBytes, maxUploadBytes, maxSnapshotBytes.',
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'No answer in an accepted media type',
    field: 'Accept',
    hint: 'Leave Accept out, or name one of these media types in it.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'Idempotency key came with another request',
    hint: 'Give each request a key of its own.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'Request with this idempotency key is under way',
    hint: 'Send it again in a moment.',
  },
  IDEMPOTENCY_OUTCOME_UNKNOWN: {
    status: 409,
    title: 'What became of the request is not known',
    hint: 'See whether it was done, and send it with another key where it was not.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'Unknown expectation',
    hint: 'Send Expect: 100-continue or no Expect.',
  },
  HEADERS_TOO_LARGE: { status: 431, title: 'Request headers too large' },
  OVERLOADED: { status: 503, title: 'Server is overloaded', hint: 'Try again in a moment.' },
  DEADLINE_EXCEEDED: { status: 503, title: 'Answer took too long', hint: 'Try again in a moment.' },
  NOT_READY: { status: 503, title: 'Server is not ready' },
  SHUTTING_DOWN: { status: 503, title: 'Server is shutting down' },
} as const satisfies Record<string, ErrorKind>

interface ErrorKind {
  readonly status: number
  readonly title: string
  readonly hint?: string
  /** The part of a request that is at fault, where that is always the same. */
  readonly field?: string
}

export type ErrorCode = keyof typeof errorRegistry

/** The one error class: a code of the registry, a message for people, and what caused it. */
export class KindredError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** The part of the request that is at fault, where it is known. */
  readonly field: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string; field?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'KindredError'
    this.code = code
    const kind: ErrorKind = errorRegistry[code]
    this.hint = options.hint ?? kind.hint
    this.field = options.field ?? kind.field
  }

  get status(): number {
    return errorRegistry[this.code].status
  }

  get title(): string {
    return errorRegistry[this.code].title
  }
}

/** Turns whatever was thrown into a KindredError, once, at the border. */
export function toKindredError(thrown: unknown): KindredError {
  if (thrown instanceof KindredError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new KindredError('INTERNAL', message, { cause: thrown })
}

/** The one sentence for a wrong argument: "Expected a positive integer for k but received -1 of type number". */
export function expected(
  what: string,
  name: string,
  received: unknown,
  code: ErrorCode = 'INVALID_ARGUMENT',
): KindredError {
  const message = `Expected ${what} for ${name} but received ${briefText(received)}${ofType(received)}`
  return new KindredError(code, message, code === 'INVALID_ARGUMENT' ? { field: name } : {})
}

/** Null and undefined are types of their own. */
function ofType(value: unknown): string {
  if (value === null || value === undefined) return ''
  return ` of type ${Array.isArray(value) ? 'array' : typeof value}`
}
