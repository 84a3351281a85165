import type { ImportCounts } from '../imports/import-progress.js'
import type { Job, JobError } from './job.js'

/** What a kind of job does. A new kind is one more function that makes such a work. */
export interface JobWork {
  /**
   * Does it to the end, from where its checkpoint says.
   *
   * @throws the signal's reason when it was stopped; whatever else ends it as a whole
   */
  run(run: JobRun): Promise<void>
  /** Called when the job is over for good: no run follows. */
  over?(): Promise<void>
}

/** One run of a job: a job that is stopped or killed, and gone on with, has several. */
export interface JobRun {
  /** As it was when this run began. */
  readonly job: Job
  /** Whether an earlier run may have begun it. */
  readonly resumed: boolean
  /** Set off when it is to stop: what takes long is given up, what is being written is finished. */
  readonly signal: AbortSignal
  /** What it goes on from, in the words of the newest report that had one; null before the first. */
  readonly checkpoint: string | null
  /** Writes how far it came, all of it or nothing, and tells whoever watches. @returns the job as it is now */
  readonly report: (progress: JobProgress) => Job
  /** Forgets all that was reported. @returns the job as it is now */
  readonly startOver: () => Job
}

/** What is absent stays as it is. */
export interface JobProgress {
  readonly counts?: ImportCounts
  readonly deleted?: number
  /** null where they cannot be told, as when absent. */
  readonly ratePerSecond?: number | null
  readonly etaSeconds?: number | null
  /** What the job goes on from, in its own words. */
  readonly checkpoint?: string
  /** Rows that failed since the report before. */
  readonly errors?: readonly JobError[]
  /** What it found, in order: more entries of its result. */
  readonly results?: readonly object[]
}

export interface JobEvent {
  readonly job: Job
  /** Rows that failed since the event before. */
  readonly errors: readonly JobError[]
  /** Set where what was done before the job was resumed does not count, so that all is looked at again. */
  readonly startedOver: boolean
}
