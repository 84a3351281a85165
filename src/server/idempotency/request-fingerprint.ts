import { createHash } from 'node:crypto'
import { digestBytes, digestFile } from '../../bundles/file-digest.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { RequestBody } from '../requests/request-body.js'
import type { KeyedRequest } from './answer-records.js'

/** All that a request asks, checked and with its defaults. */
export interface AskedRequest extends RequestBody {
  readonly operation: string
  readonly path: unknown
  readonly query: unknown
  readonly headers: Readonly<Record<string, string>>
}

const keyHeader = 'Idempotency-Key'

/** The key without the quotes in which the draft has it, as a structured field; many send it bare. null for none. */
export const idempotencyKey = (headers: AskedRequest['headers']): string | null =>
  headers[keyHeader]?.replace(/^"(.*)"$/, '$1') ?? null

/**
 * Which request this is, by the key that it came with; null where it has none.
 *
 * @param caller id of the API key, empty where there is none
 * @throws InvalidFieldError INVALID_REQUEST where the body is nested too deep to be told from others
 */
export async function keyedRequest(caller: string, request: AskedRequest): Promise<KeyedRequest | null> {
  const key = idempotencyKey(request.headers)
  return key === null ? null : { caller, key, fingerprint: await fingerprintOf(request) }
}

/** SHA-256 of all that makes one request another: what it does, to what, on which conditions, with what in its body. */
async function fingerprintOf(request: AskedRequest): Promise<Buffer> {
  const { operation, path, query, headers, body, files, upload } = request
  const parts = {
    operation,
    path,
    query,
    headers: Object.entries(headers).filter(([name]) => name !== keyHeader),
    body,
    files: files.map((bytes) => digestBytes(bytes).sha256),
    upload: upload && [upload.name, (await digestFile(upload.file)).sha256],
  }
  return createHash('sha256').update(textOf(parts)).digest()
}

function textOf(parts: object): string {
  try {
    return JSON.stringify(parts)
  } catch (cause) {
    // JSON.parse takes any depth, JSON.stringify some thousands.
    if (!(cause instanceof RangeError)) throw cause
    throw new InvalidFieldError('body', 'The body is nested too deep', { cause })
  }
}
