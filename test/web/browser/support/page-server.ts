import request from 'supertest'
import type { SettingName } from '../../../../src/config.js'
import { Lifecycle } from '../../../../src/server/lifecycle.js'
import { listen, type ListeningServer } from '../../../../src/server/listen.js'
import { createServer } from '../../../../src/server/create-server.js'
import type { Embedder } from '../../../../src/embedding/embedder.js'
import { openTestServer, picture, quiet, type TestServer } from '../../../server/test-server.js'
import { withLateAnswers } from './late-answers.js'

export interface PageServer extends TestServer {
  readonly url: string
  /** Stops listening; the store stays open. */
  stop(): Promise<void>
  /** Listens again. */
  start(port: number): Promise<void>
}

/** Products: each has two pictures. */
const colours = ['red', 'orange', 'green', 'teal', 'blue', 'purple'] as const

/** A server that listens on loopback, with the collection `shop` of pictures of two halves, and an empty one, `blank`. */
export async function openPageServer(
  options: {
    readonly flags?: Partial<Record<SettingName, unknown>>
    readonly wrapEmbedder?: (embedder: Embedder) => Embedder
  } = {},
): Promise<PageServer> {
  const server = await openTestServer(options)
  await fill(server)
  let listening = await serve(server, 0)
  return {
    ...server,
    url: `${listening.url}/`,
    stop: () => listening.stop(),
    async start(port) {
      listening = await serve(server, port)
    },
    async close() {
      await listening.stop()
      await server.close()
    },
  }
}

async function serve(server: TestServer, port: number): Promise<ListeningServer> {
  const lifecycle = new Lifecycle()
  const { listener } = createServer({ ...server, logger: quiet, lifecycle })
  const options = { ...server.config, port, shutdownSeconds: 0, lifecycle, logger: quiet }
  return listen(withLateAnswers(listener), options)
}

async function fill({ app }: TestServer): Promise<void> {
  const api = request(app)
  await api
    .put('/v1/collections/shop')
    .send({ fields: { name: 'string', colour: 'string', price: 'number' } })
    .expect(201)
  await api.put('/v1/collections/blank').expect(201)
  for (const [n, colour] of colours.entries()) {
    for (const right of ['white', 'black']) {
      await api
        .put(`/v1/collections/shop/items/${colour}-${right}`)
        .attach('image', await picture(colour, right), 'x.jpg')
        .field('group', colour)
        .field('metadata', JSON.stringify({ name: `${colour} and ${right}`, colour, price: n * 10 + 5 }))
        .expect(201)
    }
  }
}
