import type { Client } from '../../client/client.js'
import type { ImageLimits } from '../../images/limits.js'
import type { AboutServer } from './about-server.js'
import type { BenchSettings } from './bench-run.js'
import type { LoadStep } from './load/load-run.js'
import type { LoadPlan } from './load/measure-load.js'
import type { RetrievalOptions } from './retrieval/measure-retrieval.js'
import type { BenchQuery } from './retrieval/query.js'
import type { ServerFacts } from './server-facts.js'

export interface BenchPlan {
  readonly url: string
  readonly key: string | undefined
  readonly client: Client
  readonly facts: ServerFacts
  readonly about: AboutServer
  /** Version of the program, and the command as it was typed. */
  readonly kindred: string
  readonly command: string
  readonly collection: string
  readonly queries: { readonly name: string; readonly list: readonly BenchQuery[] }
  readonly limits: ImageLimits
  readonly settings: BenchSettings
  /** null where quality is not measured. */
  readonly retrieval:
    | (Pick<RetrievalOptions, 'ownBy' | 'galleryFailures'> & {
        /** Whether the queries' pictures are embedded a second time, and clustered. */
        readonly nmi: boolean
      })
    | null
  /** null where no load is made. */
  readonly load: LoadPlan | null
  /** Whether pictures of the worst and the best queries are gathered, for a page. */
  readonly pictures: boolean
  readonly onProgress?: (phase: BenchPhase, done: number, total: number) => void
  readonly onStep?: (step: LoadStep) => void
  readonly signal?: AbortSignal
}

export type BenchPhase = 'indexing' | 'listing the collection' | 'asking' | 'embedding' | 'clustering'
