import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostileRequest } from './hostile-request.js'

/** What came back, and how the connection ended. */
export interface Exchange {
  readonly received: Buffer
  /** `silent`: the server neither answered nor closed in time. */
  readonly end: 'closed' | 'cut' | 'left' | 'silent'
}

/** No limit of the server under test is longer. */
const patienceMs = 30_000

/** Sends a request over a connection of its own, and reads until the server closes it. */
export async function send(port: number, { sent, then }: HostileRequest): Promise<Exchange> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const parts: Buffer[] = []
  let end: Exchange['end'] = 'closed'
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      resolve()
    }),
  )
  socket.on('data', (part) => parts.push(part))
  // The server may have said all it had to say before it read everything.
  socket.on('error', () => (end = 'cut'))
  socket.setTimeout(patienceMs, () => {
    end = 'silent'
    socket.destroy()
  })
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve)
    socket.once('close', () => {
      resolve()
    })
  })
  for (const piece of sent) {
    if (socket.destroyed) break
    if (typeof piece === 'object' && 'pauseMs' in piece) await sleep(piece.pauseMs)
    else if (!socket.write(piece)) await drained(socket)
  }
  if (then === 'end') socket.end()
  if (then === 'leave' || then === 'reset') {
    end = 'left'
    if (then === 'leave') socket.destroy()
    else socket.resetAndDestroy()
  }
  await closed
  return { received: Buffer.concat(parts), end }
}

const drained = (socket: ReturnType<typeof connect>): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
