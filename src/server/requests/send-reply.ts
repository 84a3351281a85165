import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { KindredError } from '../../errors.js'
import type { ReplyHeaders, StreamReply } from '../contract/operation-types.js'
import { entityTag, readEntityTags } from './entity-tags.js'

/** An answer when its operation is known only at run time. */
export type AnyReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: ReplyHeaders }
  | StreamReply<number, string>

/**
 * Sends an answer: JSON, nothing, or a stream, which ends when the client leaves.
 *
 * @throws KindredError NOT_ACCEPTABLE
 */
export async function sendReply(req: Request, res: Response, reply: AnyReply): Promise<void> {
  if ('stream' in reply && req.accepts(reply.type) === false) {
    reply.stream.destroy()
    // Of several media types that an operation has, what is asked for is not always what is there.
    throw new KindredError('NOT_ACCEPTABLE', `There is an answer in ${reply.type}`)
  }
  res.status(reply.status).set(reply.headers ?? {})
  if (!('stream' in reply)) {
    if (isKnown(req, res)) res.status(304).end()
    else if (reply.body === undefined) res.end()
    else res.json(reply.body)
    return
  }
  res.setHeader('Content-Type', reply.type)
  if (isKnown(req, res)) {
    reply.stream.destroy()
    res.removeHeader('Content-Length')
    res.removeHeader('Content-Type')
    res.status(304).end()
    return
  }
  if (req.method === 'HEAD') {
    reply.stream.destroy()
    res.end()
    return
  }
  // Every layer of a request listens for its end; with those of the pipeline they are more than Node takes for sane.
  res.setMaxListeners(20)
  await pipeline(reply.stream, res)
}

/**
 * Whether the client has this answer already: RFC 9110 section 13.1.2, of answers that have an ETag. (Express would send it
 * again to whoever says `Cache-Control: no-cache`, as `fetch` does with every condition of its caller's.)
 */
function isKnown({ method, headers }: Request, res: Response): boolean {
  const etag = res.getHeader('ETag')
  const known = headers['if-none-match']
  if (etag === undefined || known === undefined || !['GET', 'HEAD'].includes(method)) return false
  const tags = readEntityTags(known)
  return tags === '*' || tags.some(({ tag }) => entityTag(tag) === etag)
}
