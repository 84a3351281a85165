import express, { type Request, type RequestHandler, type Response } from 'express'
import { KindredError } from '../../errors.js'
import type { BodyContract, Operation } from '../contract/contract.js'
import { InvalidFieldError } from '../invalid-field.js'
import { hasBody } from '../load/limit-requests.js'
import { declaredBytes, overflows } from './body-size.js'
import { askForBody } from './expect-continue.js'
import { jsonError, jsonTooLarge } from './json-error.js'
import { createMultipartReader } from './read-multipart.js'
import { createUploadReader } from './read-upload.js'
import type { BodyReader, RequestBody } from './request-body.js'
import { runMiddleware } from './run-middleware.js'
import { whileItArrives } from './watch-arrival.js'

export interface BodyLimits {
  readonly maxJsonBytes: number
  readonly maxImageBytes: number
  readonly maxUploadBytes: number
  /** How long a body may take to arrive, unless it is a large file. */
  readonly bodySeconds: number
  /** How long nothing of a body may come, of a large file either. */
  readonly bodyIdleSeconds: number
  /** Where files lie that are too large for memory. */
  readonly uploadFolder: string
}

const noBody: RequestBody = { body: undefined, files: [], upload: null }

/**
 * Makes the function that reads and checks an operation's body by its media type, once and within the limits. What is too
 * large is refused as soon as that is known, before it is read or in the middle of it.
 */
export function createBodyReader(
  operation: Operation,
  limits: BodyLimits,
): (req: Request, res: Response) => Promise<RequestBody> {
  const { bodies, bodyRequired } = operation
  const readers = new Map(
    [...bodies].map(([mediaType, contract]) => [mediaType, readerOf(mediaType, contract, limits)]),
  )
  const supported = [...readers.keys()].join(', ')
  const sendOneOf = `Send ${[...readers.keys()].join(' or ')}, and say so in Content-Type.`
  return async (req, res) => {
    if (readers.size === 0) return noBody
    if (!hasBody(req)) {
      if (bodyRequired) {
        const message = `The request has no body; expected ${supported}`
        throw new InvalidFieldError('body', message, { hint: sendOneOf })
      }
      return { ...noBody, body: bodies.get('application/json')?.check({}) }
    }
    const mediaType = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const reader = readers.get(mediaType)
    if (reader === undefined) {
      const given =
        mediaType === '' ? 'The request names no Content-Type' : `${mediaType} is not supported here`
      throw new KindredError('UNSUPPORTED_MEDIA_TYPE', `${given}; expected ${supported}`, {
        field: 'Content-Type',
        hint: sendOneOf,
      })
    }
    refuseEncoded(req, mediaType)
    if (reader === null) return noBody
    const { most, tooLarge, read } = reader
    if ((declaredBytes(req) ?? 0) > most) throw tooLarge()
    const { bodySeconds: seconds, bodyIdleSeconds: idleSeconds } = limits
    const arrival = bodies.get(mediaType)?.spooled === true ? { idleSeconds } : { idleSeconds, seconds }
    return whileItArrives(req, arrival, () => {
      askForBody(req, res)
      const over = overflows(req, most).then(() => {
        throw tooLarge()
      })
      return Promise.race([read(req, res), over])
    })
  }
}

/** Only JSON is unpacked: of anything else the packed bytes would be taken for the file. @throws KindredError UNSUPPORTED_MEDIA_TYPE */
function refuseEncoded({ headers }: Request, mediaType: string): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity' || mediaType.endsWith('json')) return
  throw new KindredError(
    'UNSUPPORTED_MEDIA_TYPE',
    `${mediaType} is not unpacked here, not from ${encoding}`,
    {
      field: 'Content-Encoding',
      hint: 'Send it as it is, without a Content-Encoding.',
    },
  )
}

function readerOf(mediaType: string, contract: BodyContract, limits: BodyLimits): BodyReader | null {
  if (mediaType === 'multipart/form-data') {
    return contract.spooled
      ? createUploadReader(contract, { folder: limits.uploadFolder, maxUploadBytes: limits.maxUploadBytes })
      : createMultipartReader(contract, limits)
  }
  if (mediaType.endsWith('json')) {
    const most = limits.maxJsonBytes
    // Not strict: `null` is JSON, and the contract says what is wrong with it.
    const parse = express.json({ limit: most, type: () => true, strict: false })
    return {
      most,
      tooLarge: jsonTooLarge,
      read: async (req, res) => ({ ...noBody, body: contract.check(await json(req, res, parse)) }),
    }
  }
  // Whatever is not JSON the handler reads.
  return null
}

async function json(req: Request, res: Response, parse: RequestHandler): Promise<unknown> {
  try {
    await runMiddleware(parse, req, res)
  } catch (thrown) {
    throw jsonError(thrown)
  }
  return req.body
}
