import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { indexCommand } from '../../src/cli/index-command.js'
import { createClient } from '../../src/client/client.js'
import { loadConfig } from '../../src/config.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { picture, quiet, writeModels } from '../server/test-server.js'
import { run } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = temporaryFolder()
const models = path.join(root, 'models')
const tiny = path.join(models, 'tiny')
const photo = path.join(root, 'rows.csv')
const rows = path.join(root, 'rows.jsonl')
const store = ['--store', path.join(root, 'store'), '--models', models, '--model', tiny]
let server: RunningServer

beforeAll(async () => {
  await writeModels(models)
  writeFileSync(path.join(root, 'red.jpg'), await picture('red'))
  writeFileSync(photo, 'id,image\nred,red.jpg\n')
  writeFileSync(rows, '{"id":"a","embedding":[1,2]}\n')
  const flags = { store: path.join(root, 'served'), models, model: tiny, port: 0, keep: 'original' }
  server = await startServer(loadConfig({ flags }), quiet)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.close()
})

const index = (...args: string[]) => run(indexCommand(), ...args)

describe.each([
  ['on a store', () => store],
  ['through a server', () => ['--url', server.url]],
  ['through a server, with a model', () => ['--url', server.url, '--model', tiny]],
])('index %s', (name, where) => {
  const into = ['--collection', name.replaceAll(/\W+/g, '-')]

  it('refuses to keep something else than the collection does, naming both', async () => {
    await index(photo, ...into, ...where(), '--keep', 'path')
    for (const [flag, value, words] of [
      ['--keep', 'thumbnail', 'keep path, not thumbnail'],
      ['--keep', 'none', 'keep path, not none'],
      ['--thumbnail-side', '64', 'thumbnailSide 320, not 64'],
    ] as const) {
      await expect(index(photo, ...into, ...where(), flag, value)).rejects.toMatchObject({
        code: 'COLLECTION_EXISTS',
        message: expect.stringContaining(words) as string,
        // With no server running, a request alone would be no way out.
        hint: expect.stringMatching(
          /^Leave it out .* or make another collection\. Through a server, PATCH/,
        ) as string,
      })
    }
  })

  it('goes on where the collection keeps what is asked for, or nothing is asked for by a flag', async () => {
    const same = await index(photo, ...into, ...where(), '--keep', 'path', '--thumbnail-side', '320')
    expect(same.out).toMatch(/0 embedded, 1 unchanged, 0 failed/)
    vi.stubEnv('KINDRED_KEEP', 'none')
    expect((await index(photo, ...into, ...where())).out).toMatch(/0 embedded, 1 unchanged, 0 failed/)
    vi.unstubAllEnvs()
  })
})

it.each([
  ['on a store', () => store.slice(0, 2)],
  ['through a server', () => ['--url', server.url]],
])('a collection of ready-made embeddings is held to the flag, too (%s)', async (_, where) => {
  await index(rows, '--collection', 'rows', ...where(), '--keep', 'none')
  await expect(index(rows, '--collection', 'rows', ...where(), '--keep', 'path')).rejects.toMatchObject({
    code: 'COLLECTION_EXISTS',
  })
})

it('a flag that names the default outranks the setting of the server', async () => {
  const kept = async (...args: string[]) => {
    const collection = `new-${args.length}`
    await index(photo, '--collection', collection, '--url', server.url, ...args)
    return (await createClient(server.url).getCollection({ path: { collection } })).keep
  }
  expect(await kept()).toBe('original')
  expect(await kept('--keep', 'thumbnail')).toBe('thumbnail')
})
