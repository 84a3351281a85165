import type { Catalogue } from '../../datasets/catalogues/catalogue.js'
import type { FieldType } from '../collection-store.js'
import type { ImportTarget } from '../import-catalogue.js'
import type { ConfirmDeletion } from '../imports/delete-missing.js'
import type { Job, JobError } from './job.js'

/** What an import works with, made when it starts. */
export interface PreparedImport {
  readonly catalogue: Catalogue
  readonly target: ImportTarget
  readonly fields: Readonly<Record<string, FieldType>>
  /** Called when the job is over, however it ended. */
  close(): Promise<void>
}

export interface ImportWork {
  readonly collection: string
  /** Names the source: its absolute path. */
  readonly source: string
  readonly prepare: (signal: AbortSignal) => Promise<PreparedImport>
  /** An unfinished job of the same source and collection to go on with. */
  readonly resume?: string | undefined
  /** Deletes, after all rows, the items that the source no longer has; absent, they stay. */
  readonly confirmDeletion?: ConfirmDeletion | undefined
}

export interface JobEvent {
  readonly job: Job
  /** Rows that failed since the event before. */
  readonly errors: readonly JobError[]
  /** Set where source or collection are not those of before the job was resumed, so that all rows are looked at again. */
  readonly startedOver: boolean
}
