import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { entityTag } from '../../src/server/requests/entity-tags.js'
import { openTestServer, picture, quiet, type TestServer } from './test-server.js'

let server: TestServer
let red: Buffer
beforeAll(async () => {
  server = await openTestServer()
  red = await picture('red')
  await api().put('/v1/collections/shoes').expect(201)
  await api().put('/v1/collections/plain').send({ dimensions: 3 }).expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)
const at = (id: string, collection = 'plain') => `/v1/collections/${collection}/items/${id}`
const embedding = [1, 2, 3]
const put = async (id: string): Promise<string> => {
  const answer = await api()
    .put(at(id))
    .send({ embedding, metadata: { price: 1 } })
  return etagOf(answer)
}
const etagOf = ({ headers }: request.Response): string => String((headers as Record<string, unknown>)['etag'])

describe('the ETag of an item', () => {
  it('comes with it from GET, HEAD, PUT and PATCH, strong, and is another after each change', async () => {
    const first = await put('a')
    expect(first).toMatch(/^"[!#-~]+"$/)
    const got = await api().get(at('a')).expect(200)
    expect(etagOf(got)).toBe(first)
    expect(got.headers['cache-control']).toBe('private, no-cache')
    expect(got.body).not.toHaveProperty('version')
    const head = await api().head(at('a')).expect(200)
    expect(etagOf(head)).toBe(first)
    expect(head.text).toBeUndefined()
    const patched = await api()
      .patch(at('a'))
      .send({ metadata: { price: 1 } })
      .expect(200)
    const tags = [first, etagOf(patched), await put('a'), await put('a')]
    expect(new Set(tags).size).toBe(4)
    expect(etagOf(await api().get(at('a')))).toBe(tags.at(-1))
  })

  it('saves sending again what the client has', async () => {
    const etag = await put('known')
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const same = await api().get(at('known')).set('If-None-Match', known).expect(304)
      expect(same.text).toBe('')
      expect(etagOf(same)).toBe(etag)
      await api().head(at('known')).set('If-None-Match', known).expect(304)
    }
    await api().get(at('known')).set('If-None-Match', etag).set('Cache-Control', 'no-cache').expect(304)
    await api().get(at('known')).set('If-None-Match', '"other"').expect(200)
    await put('known')
    await api().get(at('known')).set('If-None-Match', etag).expect(200)
    await api().get(at('missing')).set('If-None-Match', '*').expect(404)
  })

  it('is the same after a restart', async () => {
    const own = await openTestServer()
    await own.store.createCollection('c', { model: null, dimensions: 3 })
    const made = await request(own.app).put('/v1/collections/c/items/x').send({ embedding })
    await own.store.close()
    const store = await openEmbeddedStore(own.config.store, { logger: quiet })
    expect(entityTag((await store.getItem('c', 'x')).version)).toBe(etagOf(made))
    await store.close()
    await own.close()
  })
})

describe('a write with If-Match', () => {
  it('is done where nobody changed the item, and refused with 412 where somebody did', async () => {
    const old = await put('m')
    const now = await put('m')
    const writes = [
      () => api().put(at('m')).send({ embedding }),
      () => api().patch(at('m')).send({ group: 'g' }),
      () => api().delete(at('m')),
    ]
    for (const write of writes) {
      for (const stale of [old, `W/${now}`, '"a", "b"']) {
        const refused = await write().set('If-Match', stale).expect(412)
        expect(refused.body).toMatchObject({
          code: 'PRECONDITION_FAILED',
          hint: expect.stringContaining('ETag') as string,
        })
        expect(refused.type).toBe('application/problem+json')
      }
      expect(etagOf(await api().get(at('m')))).toBe(now)
    }
    const replaced = await api().put(at('m')).set('If-Match', now).send({ embedding }).expect(200)
    const patched = await api()
      .patch(at('m'))
      .set('If-Match', `"x", ${etagOf(replaced)}`)
      .send({ group: 'g' })
      .expect(200)
    await api().delete(at('m')).set('If-Match', etagOf(patched)).expect(204)
  })

  it('of any state needs the item to be there', async () => {
    const refused = await api().put(at('never')).set('If-Match', '*').send({ embedding }).expect(412)
    expect(refused.body).toMatchObject({ code: 'PRECONDITION_FAILED' })
    for (const missing of [
      await api().patch(at('never')).set('If-Match', '*').send({ group: 'g' }),
      await api().delete(at('never')).set('If-Match', '*'),
    ]) {
      expect(missing.status).toBe(404)
      expect(missing.body).toMatchObject({ code: 'ITEM_NOT_FOUND' })
    }
    await put('there')
    await api().patch(at('there')).set('If-Match', '*').send({ group: 'g' }).expect(200)
  })

  it('wins alone: of pictures that are put at the same time on one ETag, one is written', async () => {
    const made = await api().put(at('race', 'shoes')).attach('image', red, 'x').expect(201)
    const colours = ['blue', 'green', 'yellow', 'white', 'black']
    const pictures = await Promise.all(colours.map((colour) => picture(colour)))
    const answers = await Promise.all(
      pictures.map((bytes, i) =>
        api()
          .put(at('race', 'shoes'))
          .set('If-Match', etagOf(made))
          .attach('image', bytes, 'x')
          .field('group', colours[i] ?? ''),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
    const winner = answers.find(({ status }) => status === 200)
    expect((await api().get(at('race', 'shoes'))).body).toEqual(winner?.body)
  })

  it('loses no update: counters that many raise at the same time, by get and put, end at their sum', async () => {
    await api()
      .put(at('count'))
      .send({ embedding, metadata: { n: 0 } })
    const raise = async (): Promise<void> => {
      for (;;) {
        const got = await api().get(at('count'))
        const { n } = (got.body as { metadata: { n: number } }).metadata
        const written = await api()
          .put(at('count'))
          .set('If-Match', etagOf(got))
          .send({ embedding, metadata: { n: n + 1 } })
        if (written.status === 200) return
        expect(written.status).toBe(412)
      }
    }
    await Promise.all(Array.from({ length: 8 }, raise))
    expect((await api().get(at('count'))).body).toMatchObject({ metadata: { n: 8 } })
  })
})

describe('a write with If-None-Match', () => {
  it('makes an item only where there is none', async () => {
    const make = () => api().put(at('only', 'shoes')).set('If-None-Match', '*').attach('image', red, 'x')
    const answers = await Promise.all([make(), make(), make()])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412])
    await api().delete(at('only', 'shoes')).expect(204)
    await make().expect(201)
  })

  it('is refused before a picture is looked at that would be embedded in vain', async () => {
    await api().put(at('early', 'shoes')).attach('image', red, 'x').expect(201)
    const refused = await api()
      .put(at('early', 'shoes'))
      .set('If-None-Match', '*')
      .attach('image', Buffer.from('no picture'), 'x')
      .expect(412)
    expect(refused.body).toMatchObject({ code: 'PRECONDITION_FAILED' })
  })

  it('spares an item of the states that it names', async () => {
    const etag = await put('n')
    await api().delete(at('n')).set('If-None-Match', etag).expect(412)
    await api().patch(at('n')).set('If-None-Match', '"other"').send({ group: 'g' }).expect(200)
    await api().delete(at('n')).set('If-None-Match', etag).expect(204)
  })
})

it.each([
  ['If-Match', 'abc'],
  ['If-Match', '"open'],
  ['If-Match', '"a" "b"'],
  // Only space and tab may stand between: this is the no-break space.
  ['If-Match', '\u00a0*'],
  ['If-None-Match', '*, "a"'],
  ['If-None-Match', "'a'"],
])('the header %s: %s is no entity tag, and is refused by its name', async (name, value) => {
  await put('h')
  const refused = await api().put(at('h')).set(name, value).send({ embedding }).expect(400)
  expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: name })
})
