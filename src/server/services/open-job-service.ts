import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { CollectionStore } from '../../collections/collection-store.js'
import { filterLimitsFrom } from '../../collections/filter/read-filter.js'
import { Jobs } from '../../collections/jobs/jobs.js'
import { importSlots, type ImportRequest } from '../../collections/jobs/requested-import.js'
import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'
import { imageLimitsFrom } from '../../images/limits.js'
import { decodesHere, type PictureDecoder } from '../../images/picture-decoder.js'
import type { Logger } from '../../log.js'
import type { ModelPool } from '../model-pool.js'
import { sweepUploads, uploadFolder } from '../requests/upload-spool.js'
import { JobService } from './job-service.js'

/**
 * Opens the jobs of a server's store, and goes on with those that it was stopped or killed in, as the settings say.
 *
 * @throws KindredError INVALID_SETTING, STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
 */
export async function openJobService(parts: {
  readonly config: Config
  readonly store: CollectionStore
  readonly models: ModelPool
  readonly fetcher: Pick<PictureFetcher, 'fetch'>
  /** Where pictures of jobs are decoded; in this process where absent. */
  readonly decoder?: PictureDecoder
  readonly logger: Logger
}): Promise<JobService> {
  const { config, store, models, fetcher, decoder = decodesHere, logger } = parts
  const roots = importRoots(config.importRoots)
  const jobs = new Jobs(config.store, {
    keep: config.keepJobs,
    atOnce: config.maxRunningJobs,
    waiting: config.maxQueuedJobs,
    logger,
  })
  const service = new JobService(jobs, {
    store,
    unpackFolder: jobs.unpackFolder,
    limits: config,
    imageLimits: imageLimitsFrom(config),
    fetcher,
    decoder,
    roots,
    embedderFor: (model) => models.embedderFor(model),
    slots: importSlots(config.embedBatch),
    maxDuplicates: config.maxDuplicates,
    maxMissing: config.maxMissingPercent / 100,
    findModel: (name) => models.find(name),
    filter: filterLimitsFrom(config),
  })
  if (config.abandonJobs) jobs.giveUp()
  await sweepUploads(uploadFolder(config.store), jobs.left().flatMap(uploadOf))
  if (!config.abandonJobs) service.goOn()
  return service
}

/** The uploaded file that a request needs. */
function uploadOf(request: unknown): string[] {
  const { uploaded, source } = request as Partial<ImportRequest>
  return uploaded === true && source !== undefined ? [source] : []
}

/** Real paths of the folders that imports may read. @throws KindredError INVALID_SETTING where one is not there */
function importRoots(setting: string): string[] {
  return setting
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => {
      try {
        return realpathSync(folder)
      } catch (cause) {
        throw new KindredError('INVALID_SETTING', `There is no folder ${folder} (import-roots)`, { cause })
      }
    })
}
