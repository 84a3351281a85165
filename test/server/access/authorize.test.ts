import type * as Crypto from 'node:crypto'
import type { IRoute } from 'express'
import fc from 'fast-check'
import request, { type Test } from 'supertest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { scopes, type Scope } from '../../../src/server/access/scope.js'
import { loadContract, type Operation } from '../../../src/server/contract/contract.js'
import { openTestServer, type TestServer } from '../test-server.js'
import { keyedApp, type KeyedApp } from './access-server.js'

const timingSafeEqual = vi.hoisted(() => vi.fn())
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof Crypto>()
  timingSafeEqual.mockImplementation(crypto.timingSafeEqual)
  return { ...crypto, timingSafeEqual }
})

const { operations } = loadContract()
let server: TestServer
let keyed: KeyedApp
let whole: Record<Scope, string>

beforeAll(async () => {
  server = await openTestServer()
  keyed = keyedApp(server)
  for (const name of ['shoes', 'hats'])
    await server.store.createCollection(name, { model: null, dimensions: 2 })
  await server.store.setAlias('boots', 'shoes')
  whole = {
    search: keyed.bearer(),
    write: keyed.bearer({ scope: 'write' }),
    admin: keyed.bearer({ scope: 'admin' }),
  }
}, 60_000)
afterAll(async () => {
  keyed.close()
  await server.close()
})

/** Asks an operation, without a body, whatever it makes of that. */
function ask(operation: Operation, authorization: string | null, collection = 'shoes'): Test {
  const path = operation.path.replace('{collection}', collection).replaceAll(/\{\w+\}/g, 'a')
  const verb = operation.method.toLowerCase() as 'get' | 'put' | 'post' | 'patch' | 'delete'
  const test = request(keyed.app)[verb](path)
  return authorization === null ? test : test.set('Authorization', authorization)
}

const find = (id: string): Operation => {
  const operation = operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(`no operation ${id}`)
  return operation
}

describe('every operation of the contract', () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s wants its scope, and no more',
    async (_id, operation) => {
      const { scope } = operation.access
      // One of them deletes it.
      const none = await ask(operation, null, 'passing')
      if (scope === null) expect([401, 403]).not.toContain(none.status)
      else {
        expect(none.status).toBe(401)
        expect(none.body).toMatchObject({ code: 'UNAUTHORIZED' })
        expect(none.headers['www-authenticate']).toBe('Bearer realm="kindred"')
      }
      for (const held of scopes) {
        const answer = await ask(operation, whole[held], 'passing')
        if (scope === null || scopes.indexOf(held) >= scopes.indexOf(scope)) {
          expect([401, 403]).not.toContain(answer.status)
        } else {
          expect(answer.status).toBe(403)
          expect(answer.body).toMatchObject({
            code: 'FORBIDDEN',
            hint: expect.stringContaining(`--scope ${scope}`) as string,
          })
          expect(answer.headers['www-authenticate']).toBe(
            `Bearer realm="kindred", error="insufficient_scope", scope="${scope}"`,
          )
        }
      }
    },
  )

  it('is only open to everyone where someone has to watch over the server', () => {
    const open = operations.filter(({ access }) => access.scope === null).map(({ path }) => path)
    expect(open).toEqual(['/health/live', '/health/ready'])
  })

  it('is reached through its check alone: no route but these is outside the contract', () => {
    interface Layer {
      readonly route?: IRoute
      readonly handle: { readonly stack?: readonly Layer[] }
    }
    const routes = (layers: readonly Layer[]): string[] =>
      layers.flatMap(({ route, handle }) => [
        ...(route === undefined ? [] : [route.path]),
        ...routes(handle.stack ?? []),
      ])
    const ours = new Set(operations.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')))
    const others = routes((keyed.express.router as unknown as { stack: readonly Layer[] }).stack).filter(
      (path) => !ours.has(path),
    )
    expect(others).toEqual([
      '/metrics',
      '/docs/openapi.json',
      '/docs/errors',
      '/docs/',
      '/',
      '/favicon.ico',
      '/assets/:name',
    ])
  })

  it('keeps to what a key may: any scope, any collections, any operation', async () => {
    const names = ['shoes', 'hats', 'boots', 'nowhere']
    const behind = (name: string): string => (name === 'boots' ? 'shoes' : name)
    const harmless = operations.filter(({ id }) => id !== 'deleteCollection')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...harmless),
        fc.constantFrom(...names),
        fc.constantFrom(...scopes),
        fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })),
        async (operation, collection, held, collections) => {
          const { scope } = operation.access
          const { status } = await ask(operation, keyed.bearer({ scope: held, collections }), collection)
          const named = operation.path.includes('{collection}')
          const within =
            collections === null ||
            (named
              ? collections.some((name) => behind(name) === behind(collection))
              : operation.access.forLimitedKeys)
          const may = scope === null || (scopes.indexOf(held) >= scopes.indexOf(scope) && within)
          if (may) expect([401, 403]).not.toContain(status)
          else expect(status).toBe(403)
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)
})

describe('what is no key', () => {
  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer kindred_000000000000_',
    'Basic a2V5OmtleQ==',
    `Bearer kindred_000000000000_${'A'.repeat(43)}`,
    `bearer kindred_000000000000_${'A'.repeat(44)}`,
  ])('%j is answered 401, and told so', async (authorization) => {
    const answer = await ask(find('getCollection'), authorization).expect(401)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer realm="kindred", error="invalid_token", error_desc/,
    )
  })

  it('nor is anything that was made up, or is a key with a character changed', async () => {
    const key = whole.admin.slice('Bearer '.length)
    const changed = fc
      .tuple(fc.nat(key.length - 1), fc.constantFrom(...Array.from('0123456789abcdefXYZ_-')))
      .filter(([at, character]) => key[at] !== character)
      .map(([at, character]) => `${key.slice(0, at)}${character}${key.slice(at + 1)}`)
    const madeUp = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, madeUp), async (text) => {
        await ask(find('getCollection'), `Bearer ${text}`).expect(401)
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('counts in no other place than the header', async () => {
    const key = whole.admin.slice('Bearer '.length)
    for (const name of ['key', 'access_token', 'api_key']) {
      const answer = await request(keyed.app)
        .get('/v1/collections')
        .query({ [name]: key })
        .expect(401)
      expect(answer.text).not.toContain(key)
    }
    await request(keyed.app)
      .get('/v1/collections')
      .set('X-Api-Key', key)
      .set('Cookie', `key=${key}`)
      .expect(401)
    await request(keyed.app).get('/v1/collections').auth(key, '').expect(401)
  })
})

describe('a key', () => {
  const listed = (authorization: string) => ask(find('listModels'), authorization)

  it('may be written after the scheme in any case', async () => {
    await listed(whole.search.replace('Bearer', 'bEARER ')).expect(200)
  })

  it('is compared in constant time, also where there is none of that id', async () => {
    for (const authorization of [whole.search, `Bearer kindred_000000000000_${'A'.repeat(43)}`]) {
      timingSafeEqual.mockClear()
      await listed(authorization)
      expect(timingSafeEqual).toHaveBeenCalledOnce()
      const compared = timingSafeEqual.mock.calls[0] as [Buffer, Buffer]
      expect(compared.map((hash) => hash.length)).toEqual([32, 32])
    }
  })

  it('counts from the moment it is made until it is revoked or expires', async () => {
    const { key, made } = keyed.keys.create({ name: '', scope: 'search', collections: null, expiresAt: null })
    await listed(`Bearer ${key}`).expect(200)
    keyed.keys.revoke(made.id)
    const revoked = await listed(`Bearer ${key}`).expect(401)
    expect(revoked.body).toMatchObject({ detail: `The API key ${made.id} is revoked` })

    const soon = new Date(Date.now() + 3_600_000).toISOString()
    await listed(keyed.bearer({ expiresAt: soon })).expect(200)
    const past = keyed.bearer({ expiresAt: new Date(Date.now() - 1).toISOString() })
    expect((await listed(past).expect(401)).body).toMatchObject({
      detail: expect.stringContaining('expired') as string,
    })
  })

  it('limited to collections is told nothing of others: not even whether they are there', async () => {
    const limited = keyed.bearer({ scope: 'admin', collections: ['boots'] })
    const read = (name: string) => ask(find('getCollection'), limited, name)
    expect((await read('boots').expect(200)).body).toMatchObject({ name: 'shoes' })
    await read('shoes').expect(200)
    const there = await read('hats').expect(403)
    const nowhere = await read('nowhere').expect(403)
    expect((there.body as { detail: string }).detail.replace('hats', 'X')).toBe(
      (nowhere.body as { detail: string }).detail.replace('nowhere', 'X'),
    )
    const list = await request(keyed.app).get('/v1/collections').set('Authorization', limited).expect(200)
    expect((list.body as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual(['shoes'])
    const all = await request(keyed.app).get('/v1/collections').set('Authorization', whole.search).expect(200)
    expect(all.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: 'hats' })]) as unknown,
    })
  })

  it('is asked for by HEAD, and by a path that is written in another way', async () => {
    await request(keyed.app).head('/v1/collections/shoes').expect(401)
    for (const path of [
      '/v1/collections/shoes/',
      '/v1/collections/sho%65s',
      '/v1/collections/shoes?x',
      '/v1//collections',
    ]) {
      expect([401, 404]).toContain((await request(keyed.app).get(path)).status)
    }
    const limited = keyed.bearer({ collections: ['shoes'] })
    await request(keyed.app).get('/v1/collections/sho%65s').set('Authorization', limited).expect(200)
    await request(keyed.app).get('/v1/collections/h%61ts').set('Authorization', limited).expect(403)
  })

  it('is asked for before a body is read', async () => {
    const answer = await request(keyed.app)
      .post('/v1/collections/shoes/search')
      .type('json')
      .send('{"no JSON')
      .expect(401)
    expect(answer.body).toMatchObject({ code: 'UNAUTHORIZED' })
  })
})

describe('without keys', () => {
  it('everything is open, whatever Authorization says, until the first key is made, and never again', async () => {
    const open = keyedApp(server)
    const models = () => request(open.app).get('/v1/models')
    await models().expect(200)
    await models().set('Authorization', 'Bearer nonsense').expect(200)
    const { made } = open.keys.create({ name: '', scope: 'search', collections: null, expiresAt: null })
    await models().expect(401)
    open.keys.revoke(made.id)
    await models().expect(401)
    open.close()
  })
})
