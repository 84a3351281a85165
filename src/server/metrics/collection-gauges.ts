import { Gauge, type Registry } from 'prom-client'
import type { CollectionSize } from '../../collections/collection.js'
import type { CollectionStore } from '../../collections/collection-store.js'
import type { Logger } from '../../log.js'

/** Collections whose size is told; each is a time series of whoever gathers the metrics. */
export const mostCollections = 100

/** How long a collection that is busy, or being opened, is waited for: the other metrics are wanted the more then. */
const patienceMilliseconds = 1000

export type MeasuredStore = Pick<CollectionStore, 'listCollections' | 'sizeOf'>

type Measures = readonly [name: string, value: number][]

/** Gauges of the sizes of collections. What cannot be measured is left out, and logged. */
export function addCollectionGauges(registry: Registry, store: MeasuredStore, logger: Logger): void {
  const gauge = (name: string, help: string, measure: () => Promise<Measures>): void => {
    new Gauge({
      name,
      help: `${help}; of the first ${mostCollections} collections by name.`,
      labelNames: ['collection'],
      registers: [registry],
      async collect() {
        this.reset()
        try {
          for (const [collection, value] of await measure()) this.set({ collection }, value)
        } catch (error) {
          logger.warn({ err: error }, 'the sizes of collections cannot be measured')
        }
      },
    })
  }
  const list = async () => (await store.listCollections({ limit: mostCollections })).items
  const each = async (measure: (size: CollectionSize) => number | null): Promise<Measures> => {
    const measured = (await list()).map(async ({ name }) => {
      const size = await soon(store.sizeOf(name), logger)
      const value = size === null ? null : measure(size)
      return value === null ? [] : [[name, value] as [string, number]]
    })
    return (await Promise.all(measured)).flat()
  }
  gauge('kindred_collection_items', 'Items', async () =>
    (await list()).map(({ name, counts }) => [name, counts.items]),
  )
  gauge('kindred_collection_disk_bytes', 'Bytes of the files of the index', () =>
    each(({ diskBytes }) => diskBytes),
  )
  gauge(
    'kindred_collection_graph_points',
    'Points of the graph that searches walk, where one is in memory',
    () => each(({ graphPoints }) => graphPoints),
  )
}

/** Null where it takes too long, or the collection is gone by now. */
async function soon<T>(work: Promise<T>, logger: Logger): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null)
    }, patienceMilliseconds)
  })
  const done = work.catch((error: unknown) => {
    logger.debug({ err: error }, 'the size of a collection cannot be measured')
    return null
  })
  try {
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
