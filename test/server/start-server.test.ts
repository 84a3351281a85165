import { cp, mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig, type SettingName } from '../../src/config.js'
import { createLogger } from '../../src/log.js'
import { makeApiKey } from '../../src/server/access/api-key.js'
import { KeyRecords } from '../../src/server/access/key-records.js'
import { startServer } from '../../src/server/start-server.js'
import { slowJpeg } from '../images/decoding/slow-pictures.js'
import { picture, quiet, writeModels } from './test-server.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-start-'))
  await writeModels(path.join(folder, 'models'))
})
afterAll(() => rm(folder, { recursive: true }))

const configWith = (flags: Partial<Record<SettingName, unknown>> = {}) =>
  loadConfig({
    flags: {
      store: path.join(folder, 'index'),
      models: path.join(folder, 'models'),
      model: path.join(folder, 'models', 'tiny'),
      port: 0,
      embedThreads: 1,
      ...flags,
    },
  })

const search = async (url: string, collection: string, image: Buffer) => {
  const body = new FormData()
  body.append('image', new Blob([new Uint8Array(image)]), 'x.jpg')
  body.append('k', '1')
  const answer = await fetch(`${url}/v1/collections/${collection}/search`, { method: 'POST', body })
  return (await answer.json()) as { results: { id: string }[] }
}

describe('startServer', () => {
  it('logs every setting that it uses as it was resolved, without what looks like a key', async () => {
    const lines: string[] = []
    const { key } = makeApiKey()
    const config = configWith({ maxK: 77, data: 'pictures-of-recipes', models: key })
    const server = await startServer(
      config,
      createLogger('info', { write: (line: string) => lines.push(line) }),
    )
    await server.close()
    const told = lines.map((line) => JSON.parse(line) as { msg: string; settings?: Record<string, unknown> })
    const settings = told.find(({ msg }) => msg === 'settings')?.settings
    const { data, ...used } = config
    expect(settings).toEqual({ ...used, models: expect.stringContaining('[secret]') as string })
    expect(lines.join('')).not.toContain(data)
    expect(lines.join('')).not.toContain(key)
  })

  it('gives each picture of an import its time to be decoded, and goes on with the next', async () => {
    // So many scans of so many pixels are otherwise refused without being decoded.
    const config = configWith({ store: path.join(folder, 'slow'), decodeSeconds: 1, maxImagePixels: 1e9 })
    const server = await startServer(config, quiet)
    try {
      const api = `${server.url}/v1`
      await fetch(`${api}/collections/shoes`, { method: 'PUT' })
      const rows = [await picture('red'), slowJpeg(4096), await picture('blue')].map((bytes, at) =>
        JSON.stringify({ id: `p${at}`, image: `data:image/jpeg;base64,${bytes.toString('base64')}` }),
      )
      const body = new FormData()
      body.append('file', new Blob([rows.join('\n')]), 'rows.jsonl')
      const begun = await fetch(`${api}/collections/shoes/imports`, { method: 'POST', body })
      const { id } = (await begun.json()) as { id: string }
      const job = async () => (await fetch(`${api}/jobs/${id}`)).json()
      await expect.poll(job, { timeout: 20_000 }).toMatchObject({
        state: 'done',
        counts: { total: 3, embedded: 2, failed: 1 },
      })
      const errors = (await (await fetch(`${api}/jobs/${id}/errors`)).json()) as object
      expect(errors).toMatchObject({ items: [{ row: 2, id: 'p1', code: 'IMAGE_TIMEOUT' }] })
    } finally {
      await server.close()
    }
  })

  it('serves what was stored before it was started again', async () => {
    const heard: string[] = []
    const first = await startServer(configWith(), quiet, { onListening: (url) => heard.push(url) })
    expect(heard).toEqual([first.url])
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await fetch(`${first.url}/v1/collections/shoes`, { method: 'PUT' })
    for (const colour of ['red', 'blue']) {
      const body = new FormData()
      body.append('image', new Blob([new Uint8Array(await picture(colour))]), 'x.jpg')
      const put = await fetch(`${first.url}/v1/collections/shoes/items/${colour}`, { method: 'PUT', body })
      expect(put.status).toBe(201)
    }
    const before = await search(first.url, 'shoes', await picture('blue'))
    await first.close()
    await expect(fetch(`${first.url}/health/live`)).rejects.toThrow()

    const second = await startServer(configWith(), quiet)
    const after = await search(second.url, 'shoes', await picture('blue'))
    await second.close()
    expect(after.results).toEqual(before.results)
    expect(after.results[0]?.id).toBe('blue')
  })

  it('closes the store again when the model is not there', async () => {
    const config = configWith({ model: path.join(folder, 'models', 'none') })
    await expect(startServer(config, quiet)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    const server = await startServer(configWith(), quiet)
    await server.close()
  })

  it('closes store and model again when the address is taken', async () => {
    const server = await startServer(configWith(), quiet)
    const port = Number(new URL(server.url).port)
    const elsewhere = configWith({ port, store: path.join(folder, 'index-2') })
    await expect(startServer(elsewhere, quiet)).rejects.toMatchObject({ code: 'INVALID_SETTING' })
    await server.close()
    const again = await startServer(configWith({ store: path.join(folder, 'index-2') }), quiet)
    await again.close()
  })

  it('without keys listens on this machine alone, says so in the log, and names the way out', async () => {
    const lines: string[] = []
    const logger = createLogger('info', { write: (line: string) => lines.push(line) })
    const store = path.join(folder, 'index-without-keys')
    const elsewhere = startServer(configWith({ store, host: '0.0.0.0' }), logger)
    await expect(elsewhere).rejects.toMatchObject({
      code: 'KEYS_NEEDED',
      message: expect.stringContaining('0.0.0.0') as string,
      hint: expect.stringContaining('kindred keys create') as string,
    })
    // What it had opened it closed again.
    const server = await startServer(configWith({ store }), logger)
    expect(lines.join('')).toMatch(/"level":40.*No API key was made/)
    await server.close()
  })

  it('with keys may listen anywhere, heeds them as they change, and takes nothing without one', async () => {
    const lines: string[] = []
    const logger = createLogger('info', { write: (line: string) => lines.push(line) })
    const store = path.join(folder, 'index-with-keys')
    const commandLine = KeyRecords.open(store)
    const wanted = { name: '', scope: 'search', collections: null, expiresAt: null } as const
    const { key, made } = commandLine.create(wanted)
    // An address for documents (RFC 5737): it may listen there, and only the system says that it cannot.
    const elsewhere = startServer(configWith({ store, host: '192.0.2.1' }), logger)
    await expect(elsewhere).rejects.toMatchObject({ code: 'INVALID_SETTING' })
    const server = await startServer(configWith({ store }), logger)
    const { url } = server
    const status = async (Authorization?: string) =>
      (await fetch(`${url}/v1/models`, Authorization === undefined ? {} : { headers: { Authorization } }))
        .status
    expect(await status()).toBe(401)
    expect(await status(`Bearer ${key}`)).toBe(200)
    const later = commandLine.create(wanted)
    expect(await status(`Bearer ${later.key}`)).toBe(200)
    commandLine.revoke(made.id)
    commandLine.close()
    expect(await status(`Bearer ${key}`)).toBe(401)
    expect(await status(`Bearer ${later.key}`)).toBe(200)
    await server.close()
    const log = lines.join('')
    expect(log).not.toContain('No API key')
    expect(log).toContain(`"key":"${made.id}"`)
    expect(log).not.toContain(key.slice(-43))
  })

  it('refuses a store that another server holds', async () => {
    const server = await startServer(configWith(), quiet)
    await expect(startServer(configWith(), quiet)).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await server.close()
  })
})

const imagenet = path.resolve(import.meta.dirname, '../../models/imagenet')

describe.skipIf(!existsSync(path.join(imagenet, 'model.json')))('with the model that ships', () => {
  it('finds a picture among others', async () => {
    await cp(imagenet, path.join(folder, 'models', 'imagenet'), { recursive: true })
    const store = path.join(folder, 'index-imagenet')
    const server = await startServer(configWith({ model: imagenet, store }), quiet)
    await fetch(`${server.url}/v1/collections/real`, { method: 'PUT' })
    for (const colours of [
      ['red', 'blue'],
      ['green', 'white'],
      ['black', 'orange'],
    ] as const) {
      const body = new FormData()
      body.append('image', new Blob([new Uint8Array(await picture(colours[0], colours[1]))]), 'x.jpg')
      const url = `${server.url}/v1/collections/real/items/${colours.join('-')}`
      expect((await fetch(url, { method: 'PUT', body })).status).toBe(201)
    }
    const { results } = await search(server.url, 'real', await picture('green', 'white'))
    await server.close()
    expect(results[0]?.id).toBe('green-white')
  })
})
