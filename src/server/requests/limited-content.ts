import type { Request } from 'express'
import { Readable } from 'node:stream'
import { KindredError } from '../../errors.js'

/**
 * The body of a request as it comes in.
 *
 * @param most bytes; the stream ends with PAYLOAD_TOO_LARGE where there are more
 */
export function limitedContent(req: Request, most: number): Readable {
  return Readable.from(limited(req, most))
}

async function* limited(req: Request, most: number): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    new KindredError('PAYLOAD_TOO_LARGE', `The body has more than ${most} bytes`, { field: 'body' })
  if (Number(req.headers['content-length'] ?? 0) > most) throw tooLarge()
  let bytes = 0
  // A request that is destroyed takes the connection with it, and nobody would hear why.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length
    if (bytes > most) throw tooLarge()
    yield chunk as Buffer
  }
}
