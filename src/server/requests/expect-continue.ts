import type { IncomingMessage, Server, ServerResponse } from 'node:http'

const waiting = new WeakSet<object>()

/**
 * Has clients that ask first (`Expect: 100-continue`, RFC 9110 section 10.1.1) wait until their body is wanted: Node would
 * ask for it before anyone looked at the request.
 */
export function askBeforeBodies(server: Server): void {
  server.on('checkContinue', (req, res) => {
    waiting.add(req)
    server.emit('request', req, res)
  })
}

/** Tells a client that waits for it to send its body. */
export function askForBody(req: IncomingMessage, res: ServerResponse): void {
  if (waiting.delete(req)) res.writeContinue()
}

/** Whether a client still waits to be told so. */
export const waitsToSend = (req: IncomingMessage): boolean => waiting.has(req)
