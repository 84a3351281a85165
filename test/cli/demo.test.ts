import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeDemo, prepareDemo } from '../../src/cli/demo.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { loadConfig } from '../../src/config.js'
import { createLogger } from '../../src/log.js'
import { KeyRecords } from '../../src/server/access/key-records.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-demo-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

it('leaves a collection alone that has the name of the demo but is not the demo', async () => {
  const bundle = await writeTinyBundle(path.join(root, 'models', 'tiny'))
  const config = loadConfig({ flags: { store: path.join(root, 'store'), model: bundle.folder } })
  const open = () => openEmbeddedStore(config.store, { logger: createLogger('silent') })
  const store = await open()
  await store.createCollection('demo', { model: 'mine@0', dimensions: 2 })
  await store.putItems('demo', [{ id: 'mine', embedding: new Float32Array([1, 0]) }])
  await store.close()

  await expect(prepareDemo(config)).rejects.toMatchObject({ code: 'COLLECTION_EXISTS' })

  const after = await open()
  expect((await after.getItem('demo', 'mine')).id).toBe('mine')
  await after.deleteCollection('demo')
  await after.close()
})

it('makes a collection that tells no probabilities, for no model is calibrated on drawings', async () => {
  const store = path.join(root, 'store')
  const config = loadConfig({ flags: { store, model: path.join(root, 'models', 'tiny') } })
  await prepareDemo(config, true)
  const opened = await openEmbeddedStore(store, { logger: createLogger('silent') })
  expect(await opened.getCollection('demo')).toMatchObject({ probabilities: false, counts: { items: 480 } })
  await opened.close()
})

it('gives a line to paste that sends a key once the store has one', () => {
  const config = loadConfig({ flags: { store: path.join(root, 'described') } })
  const queries = path.join(config.store, 'demo-catalogue', 'queries')
  mkdirSync(queries, { recursive: true })
  writeFileSync(path.join(queries, 'x.jpg'), '')
  const line = () => describeDemo(config, 'http://127.0.0.1:1')
  expect(line()).toBe(
    `try it: curl -s -F image=@'${path.join(queries, 'x.jpg')}' -F k=5 http://127.0.0.1:1/v1/collections/demo/search\n`,
  )
  const keys = KeyRecords.open(config.store)
  expect(line()).not.toContain('Authorization')
  keys.create({ name: '', scope: 'search', collections: null, expiresAt: null })
  keys.close()
  expect(line()).toContain('curl -s -H "Authorization: Bearer $KINDRED_KEY" -F image=@')
})
