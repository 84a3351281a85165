import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Ends the responses that wait for their turn when their connection closes. Of several requests sent at once Node writes the
 * answers one after the other; where the client leaves, it tells the response that is being written that it is closed, and
 * forgets the others: whoever waits for their `close`, to count or to stop what is done for them, would wait for ever.
 */
export function closeWaitingResponses(server: Server): void {
  const open = new WeakMap<Socket, Set<ServerResponse>>()
  server.on('connection', (socket: Socket) => {
    const responses = new Set<ServerResponse>()
    open.set(socket, responses)
    socket.once('close', () => {
      for (const res of responses) {
        // One that has its socket is Node's.
        if (res.socket !== null) continue
        res.destroy()
        res.emit('close')
      }
    })
  })
  server.on('request', (req, res) => {
    const responses = open.get(req.socket)
    responses?.add(res)
    res.once('close', () => responses?.delete(res))
  })
}
