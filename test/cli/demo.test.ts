import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { prepareDemo } from '../../src/cli/demo.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { loadConfig } from '../../src/config.js'
import { createLogger } from '../../src/log.js'
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
  await after.close()
})
