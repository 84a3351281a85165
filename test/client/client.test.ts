import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { ApiProblem, createClient, type Answer, type Call, type Client } from '../../src/client/client.js'
import { openTestServer, picture, type TestServer } from '../server/test-server.js'

let test_: TestServer
let server: Server
let url: string
let client: Client
beforeAll(async () => {
  test_ = await openTestServer()
  server = test_.express.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = createClient(url)
  await client.putCollection({ path: { collection: 'shop' } })
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await test_.close()
})

const path = { collection: 'shop' }
const blob = async (...colours: Parameters<typeof picture>) =>
  new Blob([Uint8Array.from(await picture(...colours))])

describe('the client', () => {
  test('sends a picture as a form, its text as text and everything else as JSON', async () => {
    const item = await client.putItem({
      path: { ...path, id: 'boot' },
      body: {
        image: await blob('red'),
        group: 'boots',
        metadata: { colour: 'red', sizes: [41, 42], sold: false },
      },
    })
    expect(item).toMatchObject({
      id: 'boot',
      group: 'boots',
      metadata: { colour: 'red', sizes: [41, 42], sold: false },
    })
  })

  test('leaves out of a form what is null: an item without a group has none', async () => {
    const item = await client.putItem({
      path: { ...path, id: 'alone' },
      body: { image: await blob('red'), group: null },
    })
    expect(item.group).toBeNull()
    await client.deleteItem({ path: { ...path, id: 'alone' } })
  })

  test.each(['a/b', 'ein Bild.jpg', '靴/左.jpg', 'a%2Fb', '?x=1#y', '100%', '..a', 'ü&=+'])(
    'names the item %j as it is called',
    async (id) => {
      await client.putItem({ path: { ...path, id }, body: { image: await blob('blue') } })
      expect((await client.getItem({ path: { ...path, id } })).id).toBe(id)
      expect((await client.search({ path, body: { itemId: id, k: 1 } })).results).toHaveLength(1)
      await client.deleteItem({ path: { ...path, id } })
      await expect(client.getItem({ path: { ...path, id } })).rejects.toMatchObject({
        code: 'ITEM_NOT_FOUND',
      })
    },
  )

  test.each(['', '.', '..'])('asks nothing about the item %j, which would be another address', async (id) => {
    await expect(client.deleteItem({ path: { ...path, id } })).rejects.toThrow(RangeError)
    await expect(client.getItem({ path: { collection: id, id: 'boot' } })).rejects.toThrow('collection')
    expect((await client.getCollection({ path })).name).toBe('shop')
  })

  test('searches by a photo, with options of every kind', async () => {
    const { results, crop } = await client.search({
      path,
      body: {
        image: await blob('red', 'blue'),
        k: 3,
        crop: [0, 0, 0.5, 1],
        filter: { colour: { eq: 'red' } },
        include: [],
      },
    })
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({ id: 'boot', group: 'boots' })
    expect(crop).toEqual([0, 0, 0.5, 1])
  })

  test('sends several pictures', async () => {
    const { embeddings } = await client.embed({ body: { image: [await blob('red'), await blob('green')] } })
    expect(embeddings.map(({ length }) => length)).toEqual([16, 16])
  })

  test('asks in the query for what stands there', async () => {
    const { items } = await client.listItems({
      path,
      query: { limit: 1, filter: JSON.stringify({ colour: { exists: true } }) },
    })
    expect(items.map(({ id }) => id)).toEqual(['boot'])
  })

  test('throws what went wrong, with its code, hint and request', async () => {
    const failed = client.getItem({ path: { ...path, id: 'none' } })
    await expect(failed).rejects.toBeInstanceOf(ApiProblem)
    await expect(failed).rejects.toMatchObject({
      status: 404,
      code: 'ITEM_NOT_FOUND',
      message: expect.stringContaining('none') as string,
      requestId: expect.stringMatching(/./) as string,
    })
  })

  test('sends the headers of a conditional write, and shows the ETag that it needs', async () => {
    const where = { ...path, id: 'tagged' }
    let etag = ''
    const onHeaders = (headers: Headers): void => {
      etag = headers.get('etag') ?? ''
    }
    const body = { image: await blob('green') }
    await client.putItem({ path: where, body, headers: { 'If-None-Match': '*' }, onHeaders })
    const first = etag
    await client.patchItem({ path: where, body: { group: 'g' }, headers: { 'If-Match': first }, onHeaders })
    expect(etag).not.toBe(first)
    await expect(client.deleteItem({ path: where, headers: { 'If-Match': first } })).rejects.toMatchObject({
      status: 412,
      code: 'PRECONDITION_FAILED',
    })
    await expect(client.getItem({ path: where, headers: { 'If-None-Match': etag } })).rejects.toMatchObject({
      status: 304,
      code: '',
    })
    await client.deleteItem({ path: where, headers: { 'If-Match': etag } })
  })

  test('says the status of an answer that is no problem of the server’s', async () => {
    const behindProxy = createClient(url, {
      fetch: () =>
        Promise.resolve(
          new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': '7' } }),
        ),
    })
    await expect(behindProxy.listModels()).rejects.toMatchObject({
      status: 502,
      code: '',
      message: 'The server answered with status 502',
      retryAfter: 7,
    })
  })

  test('sends its key with every request, and keeps the path of a proxy', async () => {
    const asked: [unknown, unknown][] = []
    const keyed = createClient('https://shop.example/kindred/', {
      key: 'secret',
      fetch: (input, init) => {
        asked.push([input, init?.headers])
        return Promise.resolve(Response.json({ items: [], nextCursor: null }))
      },
    })
    await keyed.listCollections()
    expect(asked).toEqual([
      [
        'https://shop.example/kindred/v1/collections',
        { accept: 'application/json', authorization: 'Bearer secret' },
      ],
    ])
  })

  test('gives up when it is told to', async () => {
    await expect(client.listModels({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    )
  })

  test('knows what every operation takes and answers', () => {
    expectTypeOf<Call<'getItem'>['path']>().toEqualTypeOf<{
      readonly collection: string
      readonly id: string
    }>()
    expectTypeOf<Answer<'getItem'>['id']>().toEqualTypeOf<string>()
    expectTypeOf<Answer<'deleteItem'>>().toEqualTypeOf<undefined>()
    expectTypeOf<Answer<'listItems'>['nextCursor']>().toEqualTypeOf<string | null>()
    expectTypeOf<Client['listModels']>().parameter(0).toBeNullable()
    // @ts-expect-error -- an item needs its id
    expectTypeOf(client.getItem).toBeCallableWith({ path: { collection: 'shop' } })
    // @ts-expect-error -- there is no such option
    expect({ path, body: { itemId: 'a', nearest: 5 } } satisfies Call<'search'>).toBeDefined()
  })
})
