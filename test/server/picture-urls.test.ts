import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

let shop: Server
let host: string
let open: TestServer
let closed: TestServer
beforeAll(async () => {
  const bytes = await picture('red')
  shop = createServer((req, res) => {
    if (req.url === '/red.jpg') res.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes)
    else if (req.url === '/page') res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>red</h1>')
    else res.writeHead(404).end()
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const { port } = shop.address() as AddressInfo
  host = `http://127.0.0.1:${port}`
  open = await openTestServer({ flags: { fetchFrom: '127.0.0.0/8', fetchPorts: String(port) } })
  closed = await openTestServer()
  for (const { app } of [open, closed]) await request(app).put('/v1/collections/shop').expect(201)
})
afterAll(async () => {
  shop.closeAllConnections()
  shop.close()
  await open.close()
  await closed.close()
})

const put = ({ app }: TestServer, url: string, id = 'red') =>
  request(app)
    .put(`/v1/collections/shop/items/${id}`)
    .send({ url, metadata: { from: 'afar' } })
const search = ({ app }: TestServer, body: object) =>
  request(app).post('/v1/collections/shop/search').send(body)

describe('a server that may fetch', () => {
  test('takes the picture of an item, and of a query, by URL', async () => {
    const item = await put(open, `${host}/red.jpg`).expect(201)
    expect(item.body).toMatchObject({ id: 'red', metadata: { from: 'afar' } })
    const whole = await search(open, { url: `${host}/red.jpg` }).expect(200)
    expect(whole.body).toMatchObject({ results: [{ id: 'red' }], crop: [0, 0, 1, 1] })
    expect((whole.body as { results: { score: number }[] }).results[0]?.score).toBeCloseTo(1, 4)
    await search(open, { url: `${host}/red.jpg`, crop: [0, 0, 0.5, 1] }).expect(200)
    await search(open, { positive: [{ url: `${host}/red.jpg` }, { itemId: 'red' }] }).expect(200)
  })

  test.each([
    ['/gone.jpg', 502, 'FETCH_FAILED'],
    ['/page', 415, 'IMAGE_UNSUPPORTED'],
  ])('says what is wrong with %s', async (path, status, code) => {
    expect((await put(open, host + path, 'bad').expect(status)).body).toMatchObject({ code })
    expect((await search(open, { url: host + path }).expect(status)).body).toMatchObject({ code })
    await request(open.app).get('/v1/collections/shop/items/bad').expect(404)
  })

  test('asks no other place', async () => {
    const refused = await put(open, 'http://169.254.169.254/latest/meta-data/').expect(403)
    expect(refused.body).toMatchObject({ code: 'URL_NOT_FETCHED' })
  })
})

test('a server that was not told so fetches nothing', async () => {
  expect((await put(closed, `${host}/red.jpg`).expect(403)).body).toMatchObject({ code: 'URL_NOT_FETCHED' })
  expect((await search(closed, { url: `${host}/red.jpg` }).expect(403)).body).toMatchObject({
    code: 'URL_NOT_FETCHED',
  })
})
