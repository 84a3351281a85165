import { createLogger } from '../../../../src/log.js'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import { randomEmbedding, randomFrom } from './fixtures.js'

/**
 * Writes to the store in a folder until it is killed, and says on standard output what it is about to change
 * (`changing ID`) and what was acknowledged: `put ID SEED` (the embedding is drawn from the seed) or `deleted ID`.
 */
const [folder = '', round = '0'] = process.argv.slice(2)
const store = await openEmbeddedStore(folder, {
  logger: createLogger('warn'),
  tuning: { scanBelow: 0, snapshotAfter: 20, sliceMs: 1 },
})
await store.createCollection('c', { model: null, dimensions: 8, hnsw: { m: 4, ef: 20 } })
for (let batch = 0; batch < 10_000; batch++) {
  const items = [0, 1, 2].map((i) => ({
    id: `${round}-${batch % 40}-${i}`,
    seed: Number(round) * 100_000 + batch * 3 + i,
  }))
  for (const { id } of items) console.log(`changing ${id}`)
  await store.putItems(
    'c',
    items.map(({ id, seed }) => ({ id, embedding: randomEmbedding(randomFrom(seed), 8) })),
  )
  for (const { id, seed } of items) console.log(`put ${id} ${seed}`)
  if (batch % 5 !== 4) continue
  const id = `${round}-${(batch - 2) % 40}-1`
  console.log(`changing ${id}`)
  await store.deleteItems('c', [id])
  console.log(`deleted ${id}`)
}
