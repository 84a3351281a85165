import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexCommand } from '../../src/cli/index-command.js'
import { searchCommand } from '../../src/cli/search.js'
import { loadConfig } from '../../src/config.js'
import { createLogger } from '../../src/log.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { slowJpeg } from '../images/decoding/slow-pictures.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-cli-'))
const models = path.join(root, 'models')
const photos = path.join(root, 'photos')
const catalogue = path.join(photos, 'catalogue.csv')
const colours = { red: '#d01010', green: '#10d010', blue: '#1010d0', white: '#f8f8f8' }

/** The rest of each test's flags: its own store, or the server. */
const here = (store: string) => ['--store', path.join(root, store), '--models', models]

beforeAll(async () => {
  await writeTinyBundle(path.join(models, 'tiny'))
  mkdirSync(photos)
  for (const [name, background] of Object.entries(colours)) {
    await sharp({ create: { width: 40, height: 40, channels: 3, background } })
      .png()
      .toFile(path.join(photos, `${name}.png`))
  }
  const rows = Object.keys(colours).map((name) => `${name},${name}.png,paint,${name} paint`)
  writeFileSync(catalogue, ['id,image,group,title', ...rows, ''].join('\n'))
}, 60_000)

afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const index = (...args: string[]) => run(indexCommand(), ...args)
const search = (...args: string[]) => run(searchCommand(), ...args)

describe('index and search on a store', () => {
  it('indexes a CSV, finds the same picture first, and skips what it has', async () => {
    const store = here('one')
    const model = ['--model', path.join(models, 'tiny')]
    const first = await index(catalogue, '--collection', 'paints', ...model, ...store, '--json')
    expect(JSON.parse(first.out)).toEqual({
      collection: 'paints',
      counts: { total: 4, embedded: 4, unchanged: 0, failed: 0 },
      job: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    })

    const found = await search(path.join(photos, 'red.png'), '--collection', 'paints', ...store, '--k', '2')
    expect(found.out.split('\n')[0]).toMatch(/^1\.000 {2}red {2}\(group: paint, title: red paint\)$/)
    expect(found.out).toContain('2 of 4 items')

    const again = await index(catalogue, '--collection', 'paints', ...store, '--json')
    expect(JSON.parse(again.out)).toMatchObject({ counts: { embedded: 0, unchanged: 4 } })
  })

  it('reports a picture that takes too long to decode, and indexes the others', async () => {
    const folder = path.join(root, 'slow')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'slow.jpg'), slowJpeg(4096))
    copyFileSync(path.join(photos, 'red.png'), path.join(folder, 'red.png'))
    const args = [folder, '--collection', 'slow', '--model', path.join(models, 'tiny'), ...here('slow-store')]
    // So many scans of so many pixels are otherwise refused without being decoded.
    const { out, exitCode } = await index(
      ...args,
      '--decode-seconds',
      '1',
      '--max-image-pixels',
      '1000000000',
    )
    expect(out).toBe('slow: 1 embedded, 0 unchanged, 1 failed\n')
    expect(exitCode).toBe(1)
  })

  it('looks only at items that match a filter', async () => {
    const store = here('filtered')
    await index(catalogue, '--collection', 'paints', '--model', path.join(models, 'tiny'), ...store)
    const args = [path.join(photos, 'red.png'), '--collection', 'paints', ...store, '--json']
    const found = await search(...args, '--filter', '{"title": {"in": ["blue paint", "white paint"]}}')
    expect(JSON.parse(found.out)).toMatchObject({ total: 2, plan: 'filtered-scan' })
    expect(
      (JSON.parse(found.out) as { results: { id: string }[] }).results.map(({ id }) => id).sort(),
    ).toEqual(['blue', 'white'])
    for (const filter of ['{"title": "red"}', '{title}', '{"title": {"like": "r"}}']) {
      await expect(search(...args, '--filter', filter)).rejects.toMatchObject({ code: 'INVALID_FILTER' })
    }
  })

  it('looks for items and for several examples, and makes something else of the nearest', async () => {
    const store = here('examples')
    await index(catalogue, '--collection', 'paints', '--model', path.join(models, 'tiny'), ...store)
    const find = async (...args: string[]) => {
      const { out } = await search(...args, '--collection', 'paints', ...store, '--json')
      return JSON.parse(out) as {
        results: { id: string; score: number; collapsed?: number }[]
        total: number
      }
    }
    const red = path.join(photos, 'red.png')
    const ids = ({ results }: Awaited<ReturnType<typeof find>>) => results.map(({ id }) => id)
    expect(ids(await find('--like', 'red'))).not.toContain('red')
    expect(ids(await find('--like', 'red'))).toEqual(ids(await find(red)).slice(1))
    const several = await find(red, '--positive', 'item:blue', '--negative', 'item:green', '--k', '4')
    expect(ids(several).sort()).toEqual(['red', 'white'])
    expect(several.total).toBe(2)
    expect(ids(await find(red, '--min-score', '0.9999'))).toEqual(['red'])

    const one = await find(red, '--collapse', '0', '--rerank', 'k-reciprocal', '--diversity', '0.5')
    // Each of the four is an answer, or stands behind one.
    expect(one.results[0]).toMatchObject({ id: 'red', collapsed: 0 })
    expect(one.results).toHaveLength(3)
    expect(one.results.map(({ collapsed }) => collapsed).sort()).toEqual([0, 0, 1])
    const { out } = await search(red, '--collapse', '0', '--collection', 'paints', ...store)
    expect(out).toMatch(/^-0\.\d{3} {2}\w+ {2}and 1 like it {2}\(group: paint/m)

    for (const wrong of [
      [red, '--candidates', '5'],
      [red, '--rerank', 'k-reciprocal', '--k', '4', '--candidates', '3'],
      [red, '--positive', red, '--max-examples', '1'],
      ['--negative', red],
      [],
    ]) {
      await expect(find(...wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    await expect(find('--like', 'nobody')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' })
    await expect(find('--positive', 'nowhere.png')).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' })
  })

  it('looks for items of a collection without a model', async () => {
    const store = here('ready-made')
    const source = path.join(root, 'ready-made.jsonl')
    const rows = ['a', 'b', 'c'].map((id, n) => JSON.stringify({ id, embedding: [1, n] }))
    writeFileSync(source, rows.join('\n'))
    await index(source, '--collection', 'ready', ...store)
    const { out } = await search('--like', 'a', '--collection', 'ready', ...store, '--json')
    expect(JSON.parse(out)).toMatchObject({ model: null, results: [{ id: 'b' }, { id: 'c' }] })
    const red = path.join(photos, 'red.png')
    await expect(search('--positive', red, '--collection', 'ready', ...store)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
    })
  })

  it('keeps an embedding when only the metadata changed', async () => {
    const store = here('two')
    const changed = path.join(photos, 'changed.csv')
    await index(catalogue, '--collection', 'paints', '--model', path.join(models, 'tiny'), ...store)
    writeFileSync(changed, 'id,image,title\nred,red.png,crimson\n')
    const { out } = await index(changed, '--collection', 'paints', ...store, '--json')
    expect(JSON.parse(out)).toMatchObject({ counts: { embedded: 0, unchanged: 1 } })
    const found = await search(path.join(photos, 'red.png'), '--collection', 'paints', ...store, '--json')
    expect(JSON.parse(found.out)).toMatchObject({
      results: [{ id: 'red', group: null, metadata: { title: 'crimson' } }, {}, {}, {}],
    })
  })

  it('names each bad row, indexes the rest and ends with a failure', async () => {
    const store = here('three')
    const broken = path.join(photos, 'broken.csv')
    writeFileSync(path.join(photos, 'text.jpg'), 'no picture')
    writeFileSync(broken, 'id,image\nred,red.png\ntext,text.jpg\ngone,gone.png\n')
    const model = ['--model', path.join(models, 'tiny')]
    const { out, err, exitCode } = await index(broken, '--collection', 'paints', ...model, ...store)
    expect(out).toContain('1 embedded, 0 unchanged, 2 failed')
    expect(err).toMatch(/row 3 \(text\): IMAGE_UNSUPPORTED/)
    expect(err).toMatch(/row 4 \(gone\): IMAGE_UNREADABLE/)
    expect(exitCode).toBe(1)
  })

  it('tells what is missing: the collection, the picture, the model', async () => {
    const store = here('four')
    const red = path.join(photos, 'red.png')
    await expect(search(red, '--collection', 'paints', ...store)).rejects.toMatchObject({
      code: 'COLLECTION_NOT_FOUND',
    })
    await expect(index(path.join(root, 'nowhere'), '--collection', 'paints', ...store)).rejects.toMatchObject(
      {
        code: 'INVALID_ARGUMENT',
      },
    )
    expect(existsSync(path.join(root, 'four'))).toBe(false)
    await expect(search('nowhere.png', '--collection', 'paints', ...store)).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
    })
    const model = ['--model', path.join(models, 'nowhere')]
    await expect(index(photos, '--collection', 'paints', ...model, ...store)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    })
  })
})

describe('index and search through a server', () => {
  let server: RunningServer

  beforeAll(async () => {
    const flags = { store: path.join(root, 'served'), models, model: path.join(models, 'tiny'), port: 0 }
    server = await startServer(loadConfig({ flags }), createLogger('silent'))
  }, 60_000)
  afterAll(() => server.close())

  it('does what it does on a store', async () => {
    const there = ['--url', server.url]
    const first = await index(catalogue, '--collection', 'paints', ...there, '--json')
    expect(JSON.parse(first.out)).toMatchObject({ counts: { total: 4, embedded: 4, failed: 0 } })
    const changed = path.join(photos, 'changed-there.csv')
    writeFileSync(changed, 'id,image,title\nred,red.png,crimson\nblue,blue.png,\n')
    const second = await index(changed, '--collection', 'paints', ...there, '--json')
    expect(JSON.parse(second.out)).toMatchObject({ counts: { embedded: 0, unchanged: 2 } })
    const found = await search(path.join(photos, 'red.png'), '--collection', 'paints', ...there, '--json')
    expect(JSON.parse(found.out)).toMatchObject({
      total: 4,
      results: [{ id: 'red', group: null, metadata: { title: 'crimson' } }, {}, {}, {}],
    })
  })

  it('answers every kind of query as the store does', async () => {
    const local = ['--collection', 'paints', ...here('compared')]
    await index(catalogue, ...local, '--model', path.join(models, 'tiny'))
    const there = ['--collection', 'compared', '--url', server.url]
    await index(catalogue, ...there)
    const red = path.join(photos, 'red.png')
    for (const args of [
      [red, '--filter', '{"title": {"ne": "blue paint"}}', '--min-score', '0.1', '--exact'],
      [red, '--collapse', '0.5', '--rerank', 'query-expansion', '--candidates', '20', '--k', '3'],
      ['--like', 'red', '--diversity', '0.7'],
      [red, '--group-by', 'title', '--k', '2'],
      ['--like', 'red', '--group-by', 'group', '--group-size', '2', '--collapse', '0.5'],
      ['--positive', red, '--positive', 'item:green', '--negative', path.join(photos, 'white.png')],
    ]) {
      const [ours, theirs] = [
        await search(...args, ...local, '--json'),
        await search(...args, ...there, '--json'),
      ]
      const { results } = JSON.parse(ours.out) as { results: { id: string }[] }
      expect(results.length).toBeGreaterThan(0)
      expect(JSON.parse(theirs.out)).toEqual(JSON.parse(ours.out))
    }
    await expect(search(red, ...there, '--candidates', '5')).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    })
  })

  it('takes ready-made embeddings, and deletes what the source no longer has', async () => {
    const source = path.join(root, 'rows.jsonl')
    const rows = ['a', 'b', 'c'].map((id, n) => JSON.stringify({ id, embedding: [n, 1, 2], n }))
    writeFileSync(source, rows.join('\n'))
    const to = ['--collection', 'ready', '--url', server.url]
    expect(JSON.parse((await index(source, ...to, '--json')).out)).toEqual({
      collection: 'ready',
      job: expect.any(String) as string,
      counts: { total: 3, embedded: 3, unchanged: 0, failed: 0 },
    })
    writeFileSync(source, rows[0] ?? '')
    await expect(index(source, ...to, '--delete-missing=1')).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
    })
    const { out } = await index(source, ...to, '--delete-missing=2', '--json')
    expect(JSON.parse(out)).toMatchObject({ deleted: 2 })
  })

  it('deletes nothing of a collection where no row of the source could be taken', async () => {
    const to = ['--collection', 'kept', '--model', path.join(models, 'tiny'), '--url', server.url]
    await index(catalogue, ...to)
    const source = path.join(root, 'wrong.csv')
    writeFileSync(source, 'id,image\nred,gone.png\n')
    await expect(index(source, ...to, '--delete-missing=100')).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
    })
    expect(JSON.parse((await index(catalogue, ...to, '--json')).out)).toMatchObject({
      counts: { unchanged: 4 },
    })
  })

  it('is named by the refusal to open a store that a server holds', async () => {
    const store = ['--store', path.join(root, 'served'), '--models', models]
    const refused = search(path.join(photos, 'red.png'), '--collection', 'paints', ...store)
    await expect(refused).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await expect(refused).rejects.toHaveProperty('hint', expect.stringContaining('--url'))
  })

  it('takes a bundle that lies here for the server to index with', async () => {
    const model = ['--model', path.join(models, 'tiny')]
    const { out } = await index(catalogue, '--collection', 'named', ...model, '--url', server.url, '--json')
    expect(JSON.parse(out)).toMatchObject({ counts: { embedded: 4 } })
    await expect(index(catalogue, '--collection', 'x', '--url', '127.0.0.1:80')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('hands on the problems of the server, and says when there is none', async () => {
    const red = path.join(photos, 'red.png')
    await expect(search(red, '--collection', 'gone', '--url', server.url)).rejects.toMatchObject({
      code: 'COLLECTION_NOT_FOUND',
    })
    await expect(search(red, '--collection', 'gone', '--url', 'http://127.0.0.1:9')).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
  })
})
