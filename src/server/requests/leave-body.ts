import type { IncomingMessage, ServerResponse } from 'node:http'
import { declaredBytes } from './body-size.js'
import { waitsToSend } from './expect-continue.js'
import { watchArrival, type ArrivalLimits } from './watch-arrival.js'

/** A body that is refused is read for its connection's sake up to this size: a new connection costs more. */
const worthReading = 1024 * 1024

/** How long a client that sends on is listened to, so that it can read its answer before the connection is reset. */
const lingerMilliseconds = 1000

/**
 * Before a request is refused of which the body is not all there: the answer goes out now, and what is too much to be read
 * for nothing ends with its connection. The rest of a small one is as bound to keep coming as one that is wanted.
 */
export function leaveBody(req: IncomingMessage, res: ServerResponse, limits: ArrivalLimits): void {
  if (req.complete) return
  const bytes = declaredBytes(req) ?? (req.headers['transfer-encoding'] === undefined ? 0 : Infinity)
  const leaves = res.getHeader('Connection') === 'close' || waitsToSend(req) || bytes > worthReading
  // Whoever read it has let go of it, or never took it up.
  req.unpipe()
  req.resume()
  const { socket } = req
  if (!leaves) {
    const watch = watchArrival(req, limits)
    watch.late.catch(() => socket.destroy())
    // Once it is answered Node does not tell a request any more that its connection has ended.
    const stop = (): void => {
      watch.stop()
      socket.off('close', stop)
    }
    req.once('end', stop)
    socket.once('close', stop)
    return
  }
  res.setHeader('Connection', 'close')
  // What Node calls after the last answer. As it is, it resets the connection of whoever still sends, answer and all.
  socket.destroySoon = () => {
    const linger = setTimeout(() => socket.destroy(), lingerMilliseconds)
    socket.once('close', () => {
      clearTimeout(linger)
    })
    socket.end()
  }
}
