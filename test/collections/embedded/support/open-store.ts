import { afterEach, expect } from 'vitest'
import type { CollectionStore } from '../../../../src/collections/collection-store.js'
import type { NewItem } from '../../../../src/collections/item.js'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import type { Tuning } from '../../../../src/collections/embedded/tuning.js'
import { recordingLogger } from './fixtures.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

const stores: CollectionStore[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

/** Opens a store that is closed after the test. */
export async function open(
  folder = temporaryFolder(),
  tuning: Partial<Tuning> = {},
): Promise<{ store: CollectionStore; folder: string; lines: () => string }> {
  const { logger, lines } = recordingLogger()
  const store = await openEmbeddedStore(folder, { logger, tuning })
  stores.push(store)
  return { store, folder, lines }
}

/** Matches a KindredError by its code. */
export const code = (name: string): Error => expect.objectContaining({ code: name }) as Error
export const item = (id: string, ...values: number[]): NewItem => ({
  id,
  embedding: Float32Array.from(values),
})
export const plane = { model: null, dimensions: 2 }
