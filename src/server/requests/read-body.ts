import express, { type Request, type RequestHandler, type Response } from 'express'
import { KindredError } from '../../errors.js'
import type { Operation } from '../contract/contract.js'
import { InvalidFieldError } from '../invalid-field.js'
import { hasBody } from '../load/limit-requests.js'
import { createMultipartReader } from './read-multipart.js'
import { runMiddleware } from './run-middleware.js'

export interface BodyLimits {
  readonly maxJsonBytes: number
  readonly maxImageBytes: number
}

export interface RequestBody {
  /** Checked against the contract, defaults filled in; undefined where the operation takes none. */
  readonly body: unknown
  readonly files: readonly Uint8Array[]
}

type BodyReader = (req: Request, res: Response) => Promise<RequestBody>

/** Makes the function that reads and checks an operation's body by its media type, once and within the limits. */
export function createBodyReader(operation: Operation, limits: BodyLimits): BodyReader {
  const { bodies, bodyRequired } = operation
  const parseJson = express.json({ limit: limits.maxJsonBytes, type: () => true })
  const readers = new Map(
    [...bodies].map(([mediaType, contract]): [string, BodyReader] => {
      if (mediaType === 'multipart/form-data') return [mediaType, createMultipartReader(contract, limits)]
      return [
        mediaType,
        async (req, res) => ({ body: contract.check(await json(req, res, parseJson)), files: [] }),
      ]
    }),
  )
  const supported = [...readers.keys()].join(', ')
  return async (req, res) => {
    if (readers.size === 0) return { body: undefined, files: [] }
    if (!hasBody(req)) {
      if (bodyRequired) throw new InvalidFieldError('body', `The request has no body; expected ${supported}`)
      return { body: bodies.get('application/json')?.check({}), files: [] }
    }
    const mediaType = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const read = readers.get(mediaType)
    if (read === undefined) {
      const given =
        mediaType === '' ? 'The request names no Content-Type' : `${mediaType} is not supported here`
      throw new KindredError('UNSUPPORTED_MEDIA_TYPE', `${given}; expected ${supported}`)
    }
    return read(req, res)
  }
}

async function json(req: Request, res: Response, parse: RequestHandler): Promise<unknown> {
  try {
    await runMiddleware(parse, req, res)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) {
      throw new InvalidFieldError('body', `The body is not JSON: ${thrown.message}`, { cause: thrown })
    }
    throw thrown
  }
  return req.body
}
