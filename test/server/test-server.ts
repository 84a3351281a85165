import { mkdtemp, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Express } from 'express'
import type { Bundle } from '../../src/bundles/bundle.js'
import type { CollectionStore } from '../../src/collections/collection-store.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { loadConfig, type Config, type SettingName } from '../../src/config.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createPictureFetcher, type PictureFetcher } from '../../src/images/fetch/picture-fetcher.js'
import { renderSvg } from '../../src/images/render-svg.js'
import { createLogger } from '../../src/log.js'
import { KeyRecords } from '../../src/server/access/key-records.js'
import { createServer, type ServerParts } from '../../src/server/create-server.js'
import { AnswerRecords } from '../../src/server/idempotency/answer-records.js'
import { openModelPool, type ModelPool } from '../../src/server/model-pool.js'
import type { JobService } from '../../src/server/services/job-service.js'
import { openJobService } from '../../src/server/services/open-job-service.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'

export interface TestServer {
  readonly app: RequestListener
  readonly express: Express
  readonly config: Config
  readonly store: CollectionStore
  readonly models: ModelPool
  readonly keys: KeyRecords
  readonly answers: AnswerRecords
  readonly jobs: JobService
  readonly fetcher: PictureFetcher
  /** The default model's bundle, `tiny`; a second one of other dimensions is called `wide`. */
  readonly bundle: Bundle
  readonly folder: string
  close(): Promise<void>
}

export const quiet = createLogger('silent')

/** A folder of two real bundles: `tiny` of 16 dimensions and `wide` of 24. */
export async function writeModels(folder: string): Promise<Bundle> {
  await writeTinyBundle(path.join(folder, 'wide'), { dimensions: 24 })
  return writeTinyBundle(path.join(folder, 'tiny'), { dimensions: 16 })
}

/** The server over the real store and real, tiny models, in a folder of its own. */
export async function openTestServer(
  options: {
    readonly flags?: Partial<Record<SettingName, unknown>>
    readonly parts?: Partial<ServerParts>
    readonly wrapEmbedder?: (embedder: Embedder) => Embedder
  } = {},
): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-server-'))
  const models = path.join(folder, 'models')
  const config = loadConfig({ flags: { store: path.join(folder, 'index'), models, ...options.flags } })
  const bundle = await writeModels(models)
  const store = await openEmbeddedStore(config.store, { logger: quiet })
  const { wrapEmbedder = (embedder: Embedder) => embedder } = options
  const pool = await openModelPool({
    defaultBundle: bundle,
    modelsFolder: models,
    openEmbedder: async (opened) =>
      wrapEmbedder(await createOnnxEmbedder(opened, { provider: 'cpu', threads: 1, maxBatch: 4 })),
    logger: quiet,
  })
  const keys = KeyRecords.open(config.store)
  const answers = AnswerRecords.open(config.store)
  const fetcher = createPictureFetcher(config)
  const jobs = await openJobService({ config, store, models: pool, fetcher, logger: quiet })
  const parts = { config, store, models: pool, keys, answers, jobs, fetcher, logger: quiet }
  const { listener, app } = createServer({ ...parts, ...options.parts })
  return {
    app: listener,
    express: app,
    config,
    store,
    models: pool,
    keys,
    answers,
    jobs,
    fetcher,
    bundle,
    folder,
    async close() {
      await jobs.close()
      await fetcher.close()
      await pool.close()
      keys.close()
      answers.close()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A JPEG whose left and right half have these colours. */
export const picture = (left: string, right = left): Promise<Buffer> =>
  renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
      <rect width="32" height="64" fill="${left}"/><rect x="32" width="32" height="64" fill="${right}"/></svg>`,
    { width: 64, height: 64, format: 'jpeg', quality: 95 },
  ).then((bytes) => Buffer.from(bytes))
