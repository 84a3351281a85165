import type { Config, SettingName } from '../../config.js'
import type { CatalogueLimits } from '../../datasets/catalogues/catalogue.js'
import type { ImportCounts } from '../../collections/imports/import-progress.js'
import type { Keeping } from '../../images/picture-to-keep.js'

/** What `kindred index` was asked for. */
export interface IndexRequest {
  /** Path as it was given. */
  readonly source: string
  readonly collection: string
  readonly model: string | undefined
  readonly ids: string | undefined
  readonly resume: boolean
  readonly deletion: DeletionRequest | null
  /** What flags say is to be kept of pictures; a collection that keeps something else is refused. */
  readonly keeping: Partial<Keeping>
  /** Whether only the result is printed. */
  readonly quiet: boolean
  readonly config: Config
}

export interface DeletionRequest {
  /** As many may go without being asked; null asks. */
  readonly atMost: number | null
}

export interface IndexResult {
  /** null where rows went to a server one by one. */
  readonly job: string | null
  /** Whether it is a job of a server. */
  readonly there: boolean
  readonly counts: ImportCounts
  readonly deleted: number
  readonly interrupted: boolean
}

/** What a command that reads catalogues can be told. */
export const catalogueSettings = [
  'maxRowBytes',
  'maxArchiveMembers',
  'maxArchiveMemberBytes',
  'maxArchiveBytes',
] as const satisfies readonly SettingName[]

export const catalogueLimitsFrom = (config: Config): CatalogueLimits => ({
  maxRowBytes: config.maxRowBytes,
  maxArchiveMembers: config.maxArchiveMembers,
  maxArchiveMemberBytes: config.maxArchiveMemberBytes,
  maxArchiveBytes: config.maxArchiveBytes,
})
