import type { Request, Response } from 'express'
import { Readable } from 'node:stream'
import { KindredError } from '../../errors.js'
import { declaredBytes } from './body-size.js'
import { askForBody } from './expect-continue.js'
import { watchArrival } from './watch-arrival.js'

export interface ContentLimits {
  /** Most bytes; the stream ends with PAYLOAD_TOO_LARGE where there are more. */
  readonly maxSnapshotBytes: number
  /** How long nothing may come; the stream ends with REQUEST_TIMEOUT past it. */
  readonly bodyIdleSeconds: number
}

/** The body of a request as it comes in. */
export function limitedContent(req: Request, res: Response, limits: ContentLimits): Readable {
  return Readable.from(limited(req, res, limits))
}

async function* limited(
  req: Request,
  res: Response,
  { maxSnapshotBytes: most, bodyIdleSeconds: idleSeconds }: ContentLimits,
): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    new KindredError('PAYLOAD_TOO_LARGE', `The body has more than ${most} bytes`, { field: 'body' })
  if ((declaredBytes(req) ?? 0) > most) throw tooLarge()
  askForBody(req, res)
  const watch = watchArrival(req, { idleSeconds })
  // A request that is destroyed takes the connection with it, and nobody would hear why.
  const chunks = req.iterator({ destroyOnReturn: false })
  let bytes = 0
  try {
    for (;;) {
      const next = (await Promise.race([chunks.next(), watch.late])) as IteratorResult<Buffer, undefined>
      if (next.done === true) return
      bytes += next.value.length
      if (bytes > most) throw tooLarge()
      yield next.value
    }
  } finally {
    watch.stop()
    // Not waited for: it has its turn after the chunk that does not come.
    void chunks.return?.()
  }
}
