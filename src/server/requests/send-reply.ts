import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { ReplyHeaders, StreamReply } from '../contract/operation-types.js'

/** An answer when its operation is known only at run time. */
export type AnyReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: ReplyHeaders }
  | StreamReply<number, string>

/** Sends an answer: JSON, nothing, or a stream, which ends when the client leaves. */
export async function sendReply(req: Request, res: Response, reply: AnyReply): Promise<void> {
  res.status(reply.status).set(reply.headers ?? {})
  if (!('stream' in reply)) {
    if (reply.body === undefined) res.end()
    else res.json(reply.body)
    return
  }
  res.setHeader('Content-Type', reply.type)
  // RFC 9110 section 13.1.2, of answers that have an ETag.
  if (req.fresh) {
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
  await pipeline(reply.stream, res)
}
