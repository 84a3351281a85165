import { pino } from 'pino'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'

/** A program that ends with code 3 while its store builds a graph: `exit-while-building.ts FOLDER MILLISECONDS`. */
const [folder = '', milliseconds = ''] = process.argv.slice(2)
const store = await openEmbeddedStore(folder, {
  logger: pino({ level: 'silent' }),
  tuning: { scanBelow: 0, sliceMs: 5 },
})
await store.createCollection('c', { model: null, dimensions: 64 })
const items = Array.from({ length: 4000 }, (_, i) => ({
  id: `i${i}`,
  embedding: Float32Array.from({ length: 64 }, (__, j) => Math.sin(1 + i * 64 + j)),
}))
await store.putItems('c', items)
setTimeout(() => {
  process.exit(3)
}, Number(milliseconds))
