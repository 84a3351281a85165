import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.js'
import { npyHeader } from '../../src/evaluation/npy-header.js'
import { startServer } from '../../src/server/start-server.js'
import { makeZip } from '../datasets/catalogues/make-zip.js'
import { openTestServer, picture, quiet, type TestServer } from './test-server.js'
import { bytesOf, overFrom } from './watch-job.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let server: TestServer
const root = path.join(temporaryFolder(), 'allowed')
const outside = temporaryFolder()
let red: Buffer

beforeAll(async () => {
  mkdirSync(root)
  red = await picture('red')
  server = await openTestServer({ flags: { importRoots: root, maxUploadBytes: 100_000 } })
  await api().put('/v1/collections/shoes').expect(201)
})
afterAll(() => server.close())

const api = () => request(server.app)
const imports = (collection: string) => api().post(`/v1/collections/${collection}/imports`)
const plain = async (name: string) => {
  await api().put(`/v1/collections/${name}`).send({ dimensions: 2 }).expect(201)
  return name
}
const rows = (...ids: string[]): string =>
  ids.map((id, n) => `${JSON.stringify({ id, embedding: [n + 1, 1], n })}\n`).join('')
const upload = (collection: string, content: string | Buffer, name: string) =>
  imports(collection).attach('file', Buffer.from(content), name)
const uploads = (): string[] => {
  const folder = path.join(server.config.store, 'uploads')
  return existsSync(folder) ? readdirSync(folder) : []
}
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path.join(root, name), content)
  return path.join(root, name)
}
const ids = async (collection: string): Promise<string[]> => {
  const answer = await api().get(`/v1/collections/${collection}/items`).expect(200)
  return (answer.body as { items: { id: string }[] }).items.map(({ id }) => id)
}

describe('an import of an upload', () => {
  it('takes a CSV with pictures as data URIs, and tells of the rows that failed', async () => {
    const uri = `data:image/jpeg;base64,${red.toString('base64')}`
    const csv = `id,image,colour\nred,"${uri}",red\nb d,"data:,no picture",\n,x,\n`
    const begun = await upload('shoes', csv, 'my catalogue ü.csv').expect(202)
    expect(begun.body).toMatchObject({ kind: 'import', collection: 'shoes', source: 'my catalogue ü.csv' })
    const job = await overFrom(server, begun)
    expect(job).toMatchObject({
      state: 'done',
      counts: { total: 3, embedded: 1, unchanged: 0, failed: 2 },
      error: null,
    })
    expect(await ids('shoes')).toEqual(['red'])
    expect(uploads()).toEqual([])

    const errors = api().get(`/v1/jobs/${job.id}/errors`)
    const first = (await errors.query({ limit: 1 }).expect(200)).body as {
      items: object[]
      nextCursor: string
    }
    expect(first.items).toMatchObject([{ row: 3, id: 'b d', code: 'IMAGE_UNSUPPORTED' }])
    const second = await api()
      .get(`/v1/jobs/${job.id}/errors`)
      .query({ cursor: first.nextCursor })
      .expect(200)
    expect(second.body).toMatchObject({ items: [{ row: 4, id: null }], nextCursor: null })
    const asCsv = await api().get(`/v1/jobs/${job.id}/errors`).accept('text/csv').expect(200)
    expect(asCsv.type).toBe('text/csv')
    expect(asCsv.text.split('\n')[0]).toBe('row,id,code,reason')
    expect(asCsv.text.split('\n')[1]).toMatch(/^3,b d,IMAGE_UNSUPPORTED,/)
    const lines = await bytesOf(api().get(`/v1/jobs/${job.id}/errors`).accept('application/jsonl'))
    expect(lines.toString().trim().split('\n')).toHaveLength(2)
    const refused = await api().get(`/v1/jobs/${job.id}/errors`).accept('image/png').expect(406)
    expect(refused.body).toMatchObject({ code: 'NOT_ACCEPTABLE' })
  })

  it('takes a zip with its pictures', async () => {
    const zip = makeZip([
      { name: 'catalogue.csv', content: 'id,image\nzipped,a.jpg\ngone,b.jpg\n' },
      { name: 'a.jpg', content: red },
    ])
    const job = await overFrom(server, await upload('shoes', zip, 'shoes.ZIP').expect(202))
    // The same bytes as before: they cost no embedding, and are written all the same.
    expect(job.counts).toEqual({ total: 2, embedded: 1, unchanged: 0, failed: 1 })
    expect(await ids('shoes')).toContain('zipped')
  })

  it('reads no file of the server that a row names', async () => {
    const secret = path.join(outside, 'secret.jpg')
    writeFileSync(secret, red)
    for (const image of [secret, `../../../../../../../..${secret}`, file('inside.jpg', red)]) {
      const job = await overFrom(server, await upload('shoes', `id,image\nx,${image}\n`, 'c.csv').expect(202))
      expect(job).toMatchObject({ state: 'done', counts: { embedded: 0, failed: 1 } })
      const errors = await api().get(`/v1/jobs/${job.id}/errors`).expect(200)
      expect(errors.body).toMatchObject({ items: [{ code: 'DATASET_INVALID' }] })
    }
    expect(await ids('shoes')).not.toContain('x')
  })

  it('fails as a whole where the file is none, and does not say where it lies', async () => {
    for (const [content, name, code] of [
      ['name\nx\n', 'no-ids.csv', 'DATASET_INVALID'],
      ['no zip', 'torn.zip', 'ARCHIVE_INVALID'],
    ] as const) {
      const job = await overFrom(server, await upload('shoes', content, name).expect(202))
      expect(job).toMatchObject({ state: 'failed', error: { code } })
      expect(job.error?.reason).toContain(name)
      expect(JSON.stringify(job)).not.toContain(server.config.store)
      expect(uploads()).toEqual([])
    }
  })

  it('counts what it would do, and writes nothing, as a dry run', async () => {
    const name = await plain('dry')
    await overFrom(server, await upload(name, rows('a', 'b'), 'r.jsonl').expect(202))
    const source = `${rows('a')}{"id":"new","embedding":[1,2]}\n{"id":"bad","embedding":[1]}\n`
    const begun = await upload(name, source, 'r.jsonl')
      .field('dryRun', 'true')
      .field('deleteMissing', '0')
      .expect(202)
    expect(await overFrom(server, begun)).toMatchObject({
      kind: 'dry-import',
      state: 'done',
      counts: { total: 3, embedded: 1, unchanged: 1, failed: 1 },
      deleted: 1,
    })
    expect(await ids(name)).toEqual(['a', 'b'])
  })

  it('deletes what the catalogue no longer has, when no more than was confirmed', async () => {
    const name = await plain('shrinking')
    await overFrom(server, await upload(name, rows('a', 'b', 'c'), 'r.jsonl').expect(202))
    const refused = await overFrom(
      server,
      await upload(name, rows('a'), 'r.jsonl').field('deleteMissing', '1').expect(202),
    )
    expect(refused).toMatchObject({
      state: 'failed',
      error: {
        code: 'CONFIRMATION_NEEDED',
        reason: '2 items are no longer in the source; nothing was deleted',
      },
      deleted: 0,
    })
    expect(await ids(name)).toEqual(['a', 'b', 'c'])
    const done = await overFrom(
      server,
      await upload(name, rows('a'), 'r.jsonl').field('deleteMissing', '2').expect(202),
    )
    expect(done).toMatchObject({ state: 'done', deleted: 2 })
    expect(await ids(name)).toEqual(['a'])
  })

  it.each(['false', 'true'])('deletes nothing where no row could be taken (dryRun: %s)', async (dryRun) => {
    const name = await plain(`wrong-${dryRun}`)
    await overFrom(server, await upload(name, rows('a', 'b', 'c'), 'r.jsonl').expect(202))
    const begun = await upload(name, '{"id":"a","embedding":[1]}\n', 'r.jsonl')
      .field('dryRun', dryRun)
      .field('deleteMissing', '3')
      .expect(202)
    expect(await overFrom(server, begun)).toMatchObject({
      state: 'failed',
      error: {
        code: 'SOURCE_INCOMPLETE',
        reason: expect.stringContaining('The only row of the source could not be taken') as string,
      },
      deleted: 0,
    })
    expect(await ids(name)).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['a file too large', () => upload('shoes', 'x'.repeat(100_001), 'c.csv'), 413, 'PAYLOAD_TOO_LARGE'],
    ['a file of another kind', () => upload('shoes', 'x', 'c.exe'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a matrix, whose ids would be missing',
      () => upload('shoes', 'x', 'c.npy'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a collection that is not there',
      () => upload('gone', rows('a'), 'c.jsonl'),
      404,
      'COLLECTION_NOT_FOUND',
    ],
    ['an unknown field', () => upload('shoes', rows('a'), 'c.jsonl').field('k', '1'), 400, 'INVALID_REQUEST'],
    [
      'a wrong option',
      () => upload('shoes', rows('a'), 'c.jsonl').field('dryRun', 'x'),
      400,
      'INVALID_REQUEST',
    ],
    ['no file', () => imports('shoes').field('dryRun', 'true'), 400, 'INVALID_REQUEST'],
    ['two files', () => upload('shoes', 'x', 'c.csv').attach('file', red, 'd.csv'), 400, 'INVALID_REQUEST'],
    [
      'a wrong name of the part',
      () => imports('shoes').attach('image', red, 'd.csv'),
      400,
      'INVALID_REQUEST',
    ],
  ])('refuses %s, and keeps nothing of it', async (_what, send, status, code) => {
    const before = server.jobs.list({ limit: 1 }).items[0]?.id
    const refused = await send().expect(status)
    expect(refused.body).toMatchObject({ code })
    expect(refused.type).toBe('application/problem+json')
    expect(uploads()).toEqual([])
    expect(server.jobs.list({ limit: 1 }).items[0]?.id).toBe(before)
  })
})

describe('an import of a path', () => {
  it('reads a file under an allowed root, and what its rows name there', async () => {
    file('one.jpg', red)
    const csv = file(
      'paths.csv',
      `id,image\none,one.jpg\ntwo,${path.join(root, 'one.jpg')}\nout,${outside}/secret.jpg\n`,
    )
    const job = await overFrom(server, await imports('shoes').send({ path: csv }).expect(202))
    expect(job).toMatchObject({ source: csv, state: 'done', counts: { total: 3, embedded: 2, failed: 1 } })
    expect(existsSync(csv)).toBe(true)
  })

  it('reads a folder, and follows no link out of the roots', async () => {
    mkdirSync(path.join(root, 'photos'))
    writeFileSync(path.join(root, 'photos/a.jpg'), red)
    writeFileSync(path.join(outside, 'other.jpg'), red)
    symlinkSync(outside, path.join(root, 'photos/linked'))
    symlinkSync(path.join(outside, 'other.jpg'), path.join(root, 'photos/b.jpg'))
    symlinkSync(path.join(root, 'one.jpg'), path.join(root, 'photos/c.jpg'))
    await api().put('/v1/collections/folder').expect(201)
    const begun = await imports('folder')
      .send({ path: path.join(root, 'photos') })
      .expect(202)
    expect(await overFrom(server, begun)).toMatchObject({ state: 'done', counts: { total: 2, embedded: 2 } })
    expect(await ids('folder')).toEqual(['a.jpg', 'c.jpg'])
  })

  it('reads a matrix with its ids', async () => {
    const name = await plain('matrix')
    const values = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)
    const matrix = file('m.npy', Buffer.concat([npyHeader(2, 2), values]))
    const begun = await imports(name)
      .send({ path: matrix, ids: file('m.txt', 'x\ny\n') })
      .expect(202)
    expect(await overFrom(server, begun)).toMatchObject({ state: 'done', counts: { embedded: 2 } })
  })

  it('refuses a matrix without ids, and ids of anything else', async () => {
    const matrix = file('m.npy', Buffer.concat([npyHeader(1, 1), Buffer.alloc(4)]))
    const rows = file('m.jsonl', '')
    for (const wrong of [{ path: matrix }, { path: rows, ids: file('m.txt', 'x\n') }]) {
      const refused = await imports('shoes').send(wrong).expect(400)
      expect(refused.body).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'ids' })
    }
  })

  it.each([
    ['outside the roots', () => outside],
    ['a link that leads out', () => path.join(root, 'photos/linked')],
    ['that goes up', () => `${root}/photos/../one.jpg`],
    ['that goes up out of the root', () => `${root}/../x`],
    ['that is relative', () => 'one.jpg'],
    ['that only begins like a root', () => `${root}-2`],
    ['where there is nothing', () => path.join(root, 'nothing.csv')],
  ])('refuses a path %s', async (_what, given) => {
    const refused = await imports('shoes').send({ path: given() }).expect(403)
    expect(refused.body).toMatchObject({
      code: 'PATH_NOT_ALLOWED',
      // Not told which: that would tell what lies elsewhere.
      detail: `${given()} is not there, or not in a folder that imports may read`,
    })
    const ids = await imports('shoes')
      .send({ path: path.join(root, 'paths.csv'), ids: given() })
      .expect(403)
    expect(ids.body).toMatchObject({ code: 'PATH_NOT_ALLOWED' })
  })

  it('is refused where there are no roots, which is the default', async () => {
    const closed = await openTestServer()
    await request(closed.app).put('/v1/collections/shoes').expect(201)
    const refused = await request(closed.app)
      .post('/v1/collections/shoes/imports')
      .send({ path: path.join(root, 'paths.csv') })
      .expect(403)
    expect(refused.body).toMatchObject({ code: 'PATH_NOT_ALLOWED' })
    await closed.close()
  })

  it('cannot begin where a root is not there', async () => {
    const models = path.join(server.folder, 'models')
    const of = { store: temporaryFolder(), models, model: path.join(models, 'tiny'), port: 0 }
    const config = loadConfig({ flags: { ...of, importRoots: path.join(outside, 'gone') } })
    await expect(startServer(config, quiet)).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})
