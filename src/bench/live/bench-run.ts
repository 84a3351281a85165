import type { Answer } from '../../client/client.js'
import type { ErrorCode } from '../../errors.js'
import type { ServerHost } from './about-server.js'
import type { Environment } from './environment.js'
import type { LoadRun } from './load/load-run.js'
import type { RetrievalRun } from './retrieval/retrieval-run.js'

/** The file of a run: everything that was found, and all that is needed to repeat it. */
export interface BenchRun {
  readonly format: 'kindred-bench'
  /** Of the file's layout. */
  readonly version: 1
  readonly createdAt: string
  /** As it was typed, without its key. */
  readonly command: string
  readonly client: Environment
  readonly server: {
    readonly url: string
    /** Version that its API description names; null where it is not to be read. */
    readonly version: string | null
    /** Its machine and the versions it runs; null where it does not tell. Files of older versions lack it. */
    readonly host?: ServerHost | null
  }
  /** The collection as the server describes it: model with fingerprint, settings of the graph, counts. */
  readonly collection: Answer<'getCollection'>
  readonly data: DataFacts
  readonly settings: BenchSettings
  readonly retrieval: RetrievalRun | null
  readonly load: LoadRun | null
  /**
   * What ended the run before all that was asked for was measured, INTERRUPTED by Ctrl-C; what is here was measured to the end.
   * null where nothing did. Files of older versions lack it.
   */
  readonly endedBy?: { readonly code: ErrorCode; readonly reason: string } | null
}

export interface DataFacts {
  /** Name of the queries' set. */
  readonly name: string
  readonly queries: number
  /** SHA-256 over ids, contents and labels of the queries, in the order of their ids. */
  readonly queriesHash: string
  /** The same of the collection's items; null where they were not listed. */
  readonly galleryHash: string | null
}

/** What was asked for, and what its chances were drawn from. */
export interface BenchSettings {
  readonly labelField: string
  readonly ks: readonly number[]
  readonly seed: number
  readonly concurrency: number
  readonly exact: boolean
  readonly ef: number | null
}
