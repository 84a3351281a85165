import { createRandom } from '../datasets/random.js'
import type { Examples, WriteExample } from './examples.js'
import type { Features } from './features.js'
import { seedOf } from './seeds.js'

/** Cached features as examples [values]: the first view is the plain one, and a drawn one is any of them. */
export function featureExamples({ images, unreadable, bytes, rows }: Features, seed: number): Examples {
  const writer = (index: number, view: number): Promise<WriteExample> => {
    const row = rows[index]?.[view] ?? new Float32Array()
    return Promise.resolve((into, offset) => {
      into.set(row, offset)
    })
  }
  return {
    images,
    unreadable,
    bytes,
    plain: (index) => writer(index, 0),
    drawn(index, step, place) {
      const views = rows[index]?.length ?? 1
      const random = createRandom(seedOf(seed, 'view', step, place))
      return writer(index, views === 1 ? 0 : Math.floor(random() * views))
    },
  }
}
