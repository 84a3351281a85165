import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { closeWaitingResponses } from '../../src/server/requests/waiting-responses.js'

it('ends every response of a connection whose client has left, also those that wait for their turn', async () => {
  const count = 5
  const responses: ServerResponse[] = []
  const closed: ServerResponse[] = []
  const server = createServer((_req, res) => {
    responses.push(res)
    res.on('close', () => closed.push(res))
    // The one in the middle is done, but not its turn.
    if (responses.length === 3) res.end('done')
  })
  closeWaitingResponses(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(count))
  await expect.poll(() => responses.length).toBe(count)
  socket.resetAndDestroy()
  await expect.poll(() => closed.length).toBe(count)
  expect(new Set(closed)).toEqual(new Set(responses))
  expect(responses.every(({ destroyed }) => destroyed)).toBe(true)
  server.close()
  await once(server, 'close')
})
