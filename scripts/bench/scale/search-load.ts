import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { quantile } from '../../../src/bench/quantile.js'
import { collection, k } from './scale-settings.js'

/** Searches by several clients, each one after the other. Times in milliseconds. */
export interface SearchLoad {
  readonly perSecond: number
  readonly median: number
  readonly p99: number
  readonly longest: number
  /** The longest pause of the event loop of the process meanwhile. */
  readonly pause: number
}

/** Searches until something else is over. */
export async function searchBeside<T>(
  store: CollectionStore,
  queries: readonly Float32Array[],
  { ef, clients }: { readonly ef?: number; readonly clients: number },
  work: Promise<T>,
): Promise<{ searches: SearchLoad; result: T }> {
  const pauses = monitorEventLoopDelay({ resolution: 1 })
  const latencies: number[] = []
  let over = false
  const search = async (client: number): Promise<void> => {
    for (let at = client; !over; at += clients) {
      const embedding = queries[at % queries.length] ?? new Float32Array()
      const started = performance.now()
      await store.search(collection, { embedding, k, ...(ef !== undefined && { ef }) })
      latencies.push(performance.now() - started)
    }
  }
  const began = performance.now()
  pauses.enable()
  const searching = Promise.all(Array.from({ length: clients }, (_, client) => search(client)))
  try {
    const result = await work
    const seconds = (performance.now() - began) / 1000
    const searches = {
      perSecond: latencies.length / seconds,
      median: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      longest: latencies.reduce((a, b) => Math.max(a, b), 0),
      pause: pauses.max / 1e6,
    }
    return { searches, result }
  } finally {
    over = true
    pauses.disable()
    await searching
  }
}

/** The ids that an exact scan answers with. */
export async function exactAnswers(
  store: CollectionStore,
  queries: readonly Float32Array[],
): Promise<ReadonlySet<string>[]> {
  const answers: ReadonlySet<string>[] = []
  for (const embedding of queries) {
    const { hits } = await store.search(collection, { embedding, k, exact: true })
    answers.push(new Set(hits.map(({ id }) => id)))
  }
  return answers
}

/** Share of the exact answers that searches through the graph find. @throws Error where one did not walk the graph */
export async function recall(
  store: CollectionStore,
  queries: readonly Float32Array[],
  truth: readonly ReadonlySet<string>[],
  ef?: number,
): Promise<number> {
  let found = 0
  let owed = 0
  for (const [at, embedding] of queries.entries()) {
    const { hits, plan } = await store.search(collection, { embedding, k, ...(ef !== undefined && { ef }) })
    if (plan !== 'graph') throw new Error(`The search was answered by a ${plan}`)
    found += hits.filter(({ id }) => truth[at]?.has(id)).length
    owed += truth[at]?.size ?? 0
  }
  return found / owed
}
