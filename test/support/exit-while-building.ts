import { pino } from 'pino'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'

/**
 * A program that ends with code 3 while its store builds graphs: `exit-while-building.ts FOLDER MILLISECONDS`. Four
 * threads on fewer cores, in the shortest of slices: some are always between two.
 */
const [folder = '', milliseconds = ''] = process.argv.slice(2)
const store = await openEmbeddedStore(folder, {
  logger: pino({ level: 'silent' }),
  tuning: { scanBelow: 0, sliceMs: 0 },
})
const items = Array.from({ length: 1000 }, (_, i) => ({
  id: `i${i}`,
  embedding: Float32Array.from({ length: 64 }, (__, j) => Math.sin(1 + i * 64 + j)),
}))
await Promise.all(
  Array.from({ length: 4 }, async (_, i) => {
    await store.createCollection(`c${i}`, { model: null, dimensions: 64 })
    await store.putItems(`c${i}`, items)
  }),
)
setTimeout(() => {
  process.exit(3)
}, Number(milliseconds))
