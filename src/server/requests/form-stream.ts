import { PassThrough, type Readable, type Writable } from 'node:stream'
import type { Request } from 'express'

/**
 * The body of a request, to be given to multer in the request's place. Multer reads all of a form before it says what is
 * wrong with it; of this stream there is no more to read once its parser has let go of it.
 */
export function formStream(req: Request): Request {
  const form = new PassThrough()
  const cutShort = (): void => {
    if (!form.writableEnded) form.destroy(new Error('The request was cut short'))
  }
  req.once('close', cutShort)
  // Whoever refuses the request lets go of its body: what was kept of it is to go as well.
  form.once('unpipe', cutShort)
  form.once('close', () => {
    req.unpipe(form)
  })
  req.pipe(form)
  // All that multer asks of a request beside its bytes.
  return Object.assign(form, { headers: req.headers }) as unknown as Request
}

/** For multer, which has it not in its types yet: how a form gets to its parser. */
export const endsWithItsParser: object = {
  streamHandler(form: PassThrough, parser: Writable) {
    parser.once('unpipe', () => form.destroy())
    // Multer waits for the end of a file that is too large before it says so.
    parser.on('file', (_field: string, file: Readable) => {
      file.once('limit', () => form.destroy(new Error('The file is too large')))
    })
    form.pipe(parser)
  },
}
