import type { Client } from '../../client/client.js'
import type { BenchRun, BenchSettings } from './bench-run.js'
import { dataFacts } from './data-facts.js'
import { environment } from './environment.js'
import { readGallery } from './retrieval/gallery.js'
import { measureRetrieval, type RetrievalOptions } from './retrieval/measure-retrieval.js'
import type { BenchQuery } from './retrieval/query.js'
import type { ServerFacts } from './server-facts.js'

export interface BenchPlan {
  readonly url: string
  readonly client: Client
  readonly facts: ServerFacts
  /** Version of the program, and the command as it was typed. */
  readonly kindred: string
  readonly command: string
  readonly collection: string
  readonly queries: { readonly name: string; readonly list: readonly BenchQuery[] }
  readonly settings: BenchSettings
  readonly retrieval: Omit<RetrievalOptions, keyof BenchSettings>
  readonly onProgress?: (phase: BenchPhase, done: number, total: number) => void
  readonly signal?: AbortSignal
}

export type BenchPhase = 'indexing' | 'listing the collection' | 'asking'

/** Runs what is planned against a running server, through its API alone. @throws KindredError what the server says */
export async function benchmark(plan: BenchPlan): Promise<BenchRun> {
  const { url, client, facts, collection, queries, settings, onProgress, signal } = plan
  const measured = environment(plan.kindred)
  const described = await client.getCollection({ path: { collection } })
  const gallery = await readGallery(client, collection, {
    labelField: settings.labelField,
    onProgress: (done) => onProgress?.('listing the collection', done, described.counts.items),
    ...(signal && { signal }),
  })
  const retrieval = await measureRetrieval(client, collection, gallery, queries.list, {
    ...settings,
    ...plan.retrieval,
    onProgress: (done, total) => onProgress?.('asking', done, total),
    ...(signal && { signal }),
  })
  return {
    format: 'kindred-bench',
    version: 1,
    createdAt: new Date().toISOString(),
    command: plan.command,
    client: measured,
    server: { url, version: await facts.version() },
    collection: described,
    data: dataFacts(queries.name, retrieval.queries, gallery),
    settings,
    retrieval,
    load: null,
  }
}
