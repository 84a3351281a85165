import request, { type Test } from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadContract, type Operation } from '../../src/server/contract/contract.js'
import { openTestServer, type TestServer } from './test-server.js'

const { operations } = loadContract()
const paths = [...new Set(operations.map(({ path }) => path))]
const methodsOf = (path: string): string[] =>
  operations.filter((operation) => operation.path === path).map(({ method }) => method)

/** A path of the contract with something in its braces: an item may be called `delete`, which is an operation's, too. */
const fill = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `the-${name}`)

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
  // Whether there is a collection is looked up before a body is.
  await request(server.app).put(fill('/v1/collections/{collection}')).expect(201)
})
afterAll(() => server.close())
const ask = (method: string, path: string): Test => {
  const agent = request(server.app)
  const verbs: Readonly<Record<string, (url: string) => Test>> = {
    GET: (url) => agent.get(url),
    HEAD: (url) => agent.head(url),
    PUT: (url) => agent.put(url),
    POST: (url) => agent.post(url),
    PATCH: (url) => agent.patch(url),
    DELETE: (url) => agent.delete(url),
    OPTIONS: (url) => agent.options(url),
  }
  const verb = verbs[method]
  if (verb === undefined) throw new Error(`there is no method ${method}`)
  return verb(path)
}

/** What there has to be, whatever else openapi.yaml has. */
const promised = [
  'GET /v1/collections',
  'PUT GET PATCH DELETE /v1/collections/{collection}',
  'PUT GET PATCH DELETE /v1/collections/{collection}/items/{id}',
  'GET /v1/collections/{collection}/items',
  'POST /v1/collections/{collection}/items/delete',
  'GET /v1/collections/{collection}/items/{id}/image',
  'POST /v1/collections/{collection}/search',
  'POST /v1/collections/{collection}/search/batch',
  'POST /v1/embed',
  'POST /v1/collections/{collection}/imports',
  'GET /v1/jobs',
  'GET DELETE /v1/jobs/{job}',
  'GET /v1/jobs/{job}/errors',
  'GET /v1/jobs/{job}/events',
  'GET POST /v1/collections/{collection}/snapshots',
  'GET PUT DELETE /v1/collections/{collection}/snapshots/{snapshot}',
  'POST /v1/collections/{collection}/restore',
  'POST /v1/collections/{collection}/reindex',
  'POST /v1/collections/{collection}/rollback',
  'DELETE /v1/collections/{collection}/previous',
  'GET /v1/aliases',
  'GET PUT DELETE /v1/aliases/{alias}',
  'POST /v1/collections/{collection}/duplicates',
  'GET /v1/collections/{collection}/facets',
  'GET /v1/models',
  'GET /v1/models/{model}',
  'GET /health/live',
  'GET /health/ready',
]

it.each(promised)('the contract has %s', (line) => {
  const words = line.split(' ')
  const path = words.pop() ?? ''
  expect(methodsOf(path)).toEqual(expect.arrayContaining(words))
})

describe('every path', () => {
  it.each(paths)('%s tells with OPTIONS which methods it has', async (path) => {
    const { headers, text } = await ask('OPTIONS', fill(path)).expect(204)
    const allowed = String((headers as Record<string, unknown>)['allow']).split(', ')
    expect(allowed).toEqual(expect.arrayContaining([...methodsOf(path), 'OPTIONS']))
    expect(allowed.includes('HEAD')).toBe(allowed.includes('GET'))
    expect(text).toBe('')
  })

  it.each(paths)('%s refuses any other method with 405 and Allow', async (path) => {
    const { headers } = await ask('OPTIONS', fill(path))
    const { allow } = headers as Record<string, string>
    for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']) {
      if (allow?.split(', ').includes(method)) continue
      const refused = await ask(method, fill(path)).expect(405)
      expect((refused.headers as Record<string, string>)['allow']).toBe(allow)
      if (method === 'HEAD') continue
      expect(refused.body).toMatchObject({
        code: 'METHOD_NOT_ALLOWED',
        hint: expect.stringContaining('Allow') as string,
      })
    }
  })

  it.each(paths.filter((path) => methodsOf(path).includes('GET')))(
    '%s answers HEAD as GET, without a body',
    async (path) => {
      const get = await ask('GET', fill(path))
      const head = await ask('HEAD', fill(path))
      expect(head.status).toBe(get.status)
      expect(head.type).toBe(get.type)
      // Supertest has no text where there is none.
      expect((head as { text?: string }).text ?? '').toBe('')
    },
  )
})

describe('every operation', () => {
  const which = (fits: (operation: Operation) => boolean): [string, Operation][] =>
    operations.filter(fits).map((operation) => [operation.id, operation])

  it.each(which(() => true))('%s refuses a query parameter that it does not have', async (id, operation) => {
    const needed = id === 'getFacets' ? 'field=x&' : ''
    const refused = await ask(operation.method, `${fill(operation.path)}?${needed}nonsense=1`).expect(400)
    expect(refused.body).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'nonsense',
      hint: expect.any(String) as string,
    })
  })

  it.each(which(({ answers }) => answers.length > 0))(
    '%s refuses an Accept that it has no answer for',
    async (_id, { method, path, answers }) => {
      const refused = await ask(method, fill(path)).set('Accept', 'application/x-nothing').expect(406)
      expect(refused.body).toMatchObject({
        code: 'NOT_ACCEPTABLE',
        field: 'Accept',
        detail: expect.stringContaining(answers[0] ?? '') as string,
      })
      expect(refused.type).toBe('application/problem+json')
    },
  )

  it.each(which(({ bodies }) => bodies.size > 0))(
    '%s refuses a body of a type that it does not read',
    async (_id, { method, path, bodies }) => {
      const refused = await ask(method, fill(path)).type('application/x-nothing').send('x').expect(415)
      expect(refused.body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', field: 'Content-Type' })
      for (const type of bodies.keys()) expect((refused.body as { hint: string }).hint).toContain(type)
    },
  )

  it.each(which(({ bodyRequired }) => bodyRequired))(
    '%s refuses a request without a body',
    async (_id, { method, path }) => {
      const refused = await ask(method, fill(path)).expect(400)
      expect(refused.body).toMatchObject({
        code: 'INVALID_REQUEST',
        field: 'body',
        hint: expect.stringContaining('Content-Type') as string,
      })
    },
  )

  it.each(which(({ bodies }) => bodies.has('application/json')))(
    '%s refuses JSON that is none, or no object, or has a field that it does not know',
    async (_id, { method, path }) => {
      for (const text of ['{"a":', 'null', '[]', '"text"', '1', '{"nonsense":1}']) {
        const refused = await ask(method, fill(path)).type('json').send(text).expect(400)
        expect(refused.body).toMatchObject({
          code: 'INVALID_REQUEST',
          field: expect.any(String) as string,
          hint: expect.any(String) as string,
        })
      }
    },
  )

  it.each(which(({ path }) => path.includes('{')))(
    '%s refuses a path that cannot be decoded',
    async (_id, { method, path }) => {
      const refused = await ask(method, fill(path).replace(/the-\w+/, '%E0%A4')).expect(400)
      expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', hint: expect.any(String) as string })
    },
  )
})

it.each([
  '/',
  '/metrics',
  '/docs',
  '/docs/',
  '/docs/openapi.json',
  '/docs/errors',
  '/favicon.ico',
  '/assets/main.js',
])('the page %s has GET and HEAD, says so, and refuses the rest', async (path) => {
  const { headers } = await ask('OPTIONS', path).expect(204)
  expect((headers as Record<string, string>)['allow']).toBe('GET, HEAD, OPTIONS')
  expect((await ask('HEAD', path)).status).toBe((await ask('GET', path)).status)
  for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
    const refused = await ask(method, path).expect(405)
    expect(refused.body).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  }
})
