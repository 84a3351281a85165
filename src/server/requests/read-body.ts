import express, { type Request, type RequestHandler, type Response } from 'express'
import { KindredError } from '../../errors.js'
import type { Operation } from '../contract/contract.js'
import { InvalidFieldError } from '../invalid-field.js'
import { hasBody } from '../load/limit-requests.js'
import { jsonError } from './json-error.js'
import { createMultipartReader } from './read-multipart.js'
import { createUploadReader } from './read-upload.js'
import type { RequestBody } from './request-body.js'
import { runMiddleware } from './run-middleware.js'

export interface BodyLimits {
  readonly maxJsonBytes: number
  readonly maxImageBytes: number
  readonly maxUploadBytes: number
  /** How long a body may take to arrive, unless it is a large file. */
  readonly bodySeconds: number
  /** Where files lie that are too large for memory. */
  readonly uploadFolder: string
}

const noBody: RequestBody = { body: undefined, files: [], upload: null }

type BodyReader = (req: Request, res: Response) => Promise<RequestBody>

/** Makes the function that reads and checks an operation's body by its media type, once and within the limits. */
export function createBodyReader(operation: Operation, limits: BodyLimits): BodyReader {
  const { bodies, bodyRequired } = operation
  const parseJson = express.json({ limit: limits.maxJsonBytes, type: () => true })
  const readers = new Map(
    [...bodies].map(([mediaType, contract]): [string, BodyReader] => {
      if (mediaType === 'multipart/form-data') {
        const { uploadFolder: folder, maxUploadBytes } = limits
        return [
          mediaType,
          contract.spooled
            ? createUploadReader(contract, { folder, maxUploadBytes })
            : createMultipartReader(contract, limits),
        ]
      }
      // Whatever is not JSON the handler reads.
      if (!mediaType.endsWith('json')) return [mediaType, () => Promise.resolve(noBody)]
      return [
        mediaType,
        async (req, res) => ({ ...noBody, body: contract.check(await json(req, res, parseJson)) }),
      ]
    }),
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
    const read = readers.get(mediaType)
    const contract = bodies.get(mediaType)
    if (read === undefined) {
      const given =
        mediaType === '' ? 'The request names no Content-Type' : `${mediaType} is not supported here`
      throw new KindredError('UNSUPPORTED_MEDIA_TYPE', `${given}; expected ${supported}`, {
        field: 'Content-Type',
        hint: sendOneOf,
      })
    }
    return contract?.spooled === true ? read(req, res) : inTime(read(req, res), res, limits.bodySeconds)
  }
}

/** @throws KindredError REQUEST_TIMEOUT; what comes afterwards is not read */
async function inTime<T>(reading: Promise<T>, res: Response, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      res.setHeader('Connection', 'close')
      reject(new KindredError('REQUEST_TIMEOUT', `The body did not arrive within ${seconds} s`))
    }, 1000 * seconds)
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

async function json(req: Request, res: Response, parse: RequestHandler): Promise<unknown> {
  try {
    await runMiddleware(parse, req, res)
  } catch (thrown) {
    throw jsonError(thrown)
  }
  return req.body
}
