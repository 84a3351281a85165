import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../../src/collections/jobs/job.js'
import { deferred, type Deferred } from '../../../src/embedding/deferred.js'
import { JobEvents } from '../../../src/server/services/job-events.js'
import { openTestServer, picture, type TestServer } from '../test-server.js'
import { eventsIn } from '../watch-job.js'
import { keyedApp, type KeyedApp } from './access-server.js'

let server: TestServer
let keyed: KeyedApp
let admin: string
/** Embedding waits for it: a job goes on as long as a test wants it to. */
let gate: Deferred<undefined>
beforeAll(async () => {
  gate = deferred()
  gate.resolve(undefined)
  server = await openTestServer({
    wrapEmbedder: (embedder) => ({
      ...embedder,
      async embed(inputs, options) {
        await gate.promise
        return embedder.embed(inputs, options)
      },
    }),
  })
  keyed = keyedApp(server)
  admin = keyed.bearer({ scope: 'admin' })
  for (const name of ['shoes', 'hats']) await as(admin).put(`/v1/collections/${name}`).expect(201)
  await as(admin).put('/v1/aliases/boots').send({ collection: 'shoes' }).expect(200)
})
afterEach(() => {
  gate.resolve(undefined)
})
afterAll(async () => {
  keyed.close()
  await server.close()
})
const as = (bearer: string) => request.agent(keyed.app).set('Authorization', bearer)

let pictures = 0
/** Begins an import of a picture that was not there before, and so has to be embedded. */
async function importInto(name: string): Promise<string> {
  const base64 = (await picture(`rgb(${++pictures * 20}, 0, 0)`)).toString('base64')
  const csv = `id,image\nred,"data:image/jpeg;base64,${base64}"\n`
  const begun = await as(admin)
    .post(`/v1/collections/${name}/imports`)
    .attach('file', Buffer.from(csv), 'rows.csv')
    .expect(202)
  return (begun.body as Job).id
}

describe('a key limited to collections', () => {
  it('lists the jobs of those, by whichever of their names it has them, and no others', async () => {
    const mine = [await importInto('shoes'), await importInto('shoes')]
    const other = await importInto('hats')
    const list = async (collections: string[] | null): Promise<string[]> => {
      const bearer = keyed.bearer({ scope: 'write', collections })
      const { body } = (await as(bearer).get('/v1/jobs').expect(200)) as { body: { items: Job[] } }
      return body.items.map(({ id }) => id)
    }
    expect(await list(['shoes'])).toEqual([...mine].reverse())
    expect(await list(['boots'])).toEqual([...mine].reverse())
    expect(await list(['hats'])).toEqual([other])
    expect(await list(['nowhere'])).toEqual([])
    expect(await list(null)).toEqual([other, ...[...mine].reverse()])
  })

  it('finds them all page by page, however many others lie between', async () => {
    const bearer = keyed.bearer({ scope: 'write', collections: ['hats'] })
    await importInto('hats')
    const found: string[] = []
    let cursor: string | null = null
    do {
      const query = { limit: 1, ...(cursor !== null && { cursor }) }
      const page = (await as(bearer).get('/v1/jobs').query(query).expect(200)) as {
        body: { items: Job[]; nextCursor: string | null }
      }
      found.push(...page.body.items.map(({ collection }) => collection))
      cursor = page.body.nextCursor
    } while (cursor !== null)
    expect(found).toEqual(['hats', 'hats'])
  })

  it('still needs the scope for it', async () => {
    const refused = await as(keyed.bearer({ collections: ['shoes'] }))
      .get('/v1/jobs')
      .expect(403)
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('events that are being followed', () => {
  it.each([
    [
      'is revoked',
      (id: string) => {
        keyed.keys.revoke(id)
      },
      null,
    ],
    ['expires', () => undefined, 1500],
  ] as const)('end, without an end of the job, when the key %s', async (_what, change, lasts) => {
    gate = deferred()
    const job = await importInto('shoes')
    const { key, made } = keyed.keys.create({
      name: '',
      scope: 'write',
      collections: ['shoes'],
      expiresAt: lasts === null ? null : new Date(Date.now() + lasts).toISOString(),
    })
    const listening = keyed.express.listen(0, '127.0.0.1')
    await new Promise((resolve) => listening.once('listening', resolve))
    const { port } = listening.address() as AddressInfo
    const follow = (bearer: string) =>
      fetch(`http://127.0.0.1:${port}/v1/jobs/${job}/events`, { headers: { authorization: bearer } })
    const ending = await follow(`Bearer ${key}`)
    const going = await follow(admin)
    change(made.id)
    const events = eventsIn(await ending.text())
    expect(events.map(({ event }) => event)).not.toContain('end')
    expect((await follow(`Bearer ${key}`)).status).toBe(401)
    // Another key goes on.
    gate.resolve(undefined)
    expect(eventsIn(await going.text()).at(-1)).toMatchObject({
      event: 'end',
      job: { state: 'done' },
    })
    listening.close()
  })

  it('break off where it cannot be told whether the key counts', async () => {
    gate = deferred()
    const job = await importInto('shoes')
    const stream = new JobEvents(server.jobs, 1).follow(job, () => {
      throw new Error('the keys cannot be read')
    })
    await expect(stream.toArray()).rejects.toThrow('the keys cannot be read')
  })
})
