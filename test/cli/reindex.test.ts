import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { indexCommand } from '../../src/cli/index-command.js'
import { reindexCommand } from '../../src/cli/reindex.js'
import { snapshotsCommand } from '../../src/cli/snapshots.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { createLogger } from '../../src/log.js'
import { largePicture } from '../collections/reindex/support/pictured-collection.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { run } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

it('embeds a collection with another model, goes back, and removes what is kept to go back to', async () => {
  const folder = temporaryFolder()
  const [small, wide] = [path.join(folder, 'models/small'), path.join(folder, 'models/wide')]
  await writeTinyBundle(small, { dimensions: 8 })
  const { model } = await writeTinyBundle(wide, { dimensions: 12 })
  const photos = path.join(folder, 'photos')
  mkdirSync(photos)
  for (const n of [1, 2, 3]) writeFileSync(path.join(photos, `${n}.png`), await largePicture(n))
  const store = ['--store', path.join(folder, 'index')]
  await run(indexCommand(), photos, '--collection', 'shop', '--model', small, ...store)

  const reindex = (...args: string[]) => run(reindexCommand(), '--collection', 'shop', ...args, ...store)
  await expect(reindex()).rejects.toThrow(/--model is missing/)
  expect((await reindex('--abandon')).out).toBe('shop: there is no unfinished change of model\n')
  const { out, err } = await reindex('--model', wide)
  expect(out).toBe('shop: 3 embedded (0 from thumbnails), 0 had been before, 0 lost\n')
  expect(err).toContain(`it answers with ${model}; kindred snapshots roll-back shop goes back`)
  await expect(reindex('--model', wide)).rejects.toThrow(/already/)

  const dimensions = async (): Promise<number> => {
    const opened = await openEmbeddedStore(path.join(folder, 'index'), { logger: createLogger('silent') })
    const collection = await opened.getCollection('shop')
    await opened.close()
    return collection.dimensions
  }
  expect(await dimensions()).toBe(12)
  await run(snapshotsCommand(), 'roll-back', 'shop', ...store)
  expect(await dimensions()).toBe(8)
  await run(snapshotsCommand(), 'drop-previous', 'shop', ...store)
  await expect(run(snapshotsCommand(), 'roll-back', 'shop', ...store)).rejects.toThrow(
    expect.objectContaining({ code: 'PREVIOUS_NOT_FOUND' }),
  )
})

it('has nothing to begin with where an import was told to keep nothing', async () => {
  const folder = temporaryFolder()
  const model = path.join(folder, 'models/small')
  await writeTinyBundle(model, { dimensions: 8 })
  writeFileSync(path.join(folder, 'one.png'), await largePicture(1))
  const place = path.join(folder, 'index')
  const keeping = ['--keep', 'none', '--thumbnail-side', '64']
  writeFileSync(path.join(folder, 'c.csv'), 'id,image\none,one.png\n')
  const index = [path.join(folder, 'c.csv'), '--collection', 'shop', '--model', model, '--store', place]
  await run(indexCommand(), ...index, ...keeping)
  const opened = await openEmbeddedStore(place, { logger: createLogger('silent') })
  expect(await opened.getCollection('shop')).toMatchObject({ keep: 'none', thumbnailSide: 64 })
  expect(await opened.getItem('shop', 'one')).not.toHaveProperty('kept')
  await opened.close()
})

it('refuses to lose more items than it may, until it is told that it may', async () => {
  const folder = temporaryFolder()
  const wide = path.join(folder, 'models/wide')
  await writeTinyBundle(wide, { dimensions: 12 })
  const place = path.join(folder, 'index')
  const opened = await openEmbeddedStore(place, { logger: createLogger('silent') })
  await opened.createCollection('ready', { model: null, dimensions: 2 })
  await opened.putItems('ready', [{ id: 'a', embedding: Float32Array.of(1, 0) }])
  await opened.close()
  const args = ['--collection', 'ready', '--model', wide, '--store', place, '--json']
  await expect(run(reindexCommand(), ...args)).rejects.toThrow(
    expect.objectContaining({ code: 'REINDEX_INCOMPLETE' }),
  )
  const { out } = await run(reindexCommand(), ...args, '--resume', '--allow-missing')
  expect(JSON.parse(out)).toMatchObject({
    collection: 'ready',
    counts: { total: 1, embedded: 0, failed: 1 },
    swapped: true,
  })
})
