import type { RequestListener } from 'node:http'
import express, { type Express } from 'express'
import type { CollectionStore } from '../collections/collection-store.js'
import { filterLimitsFrom } from '../collections/filter/read-filter.js'
import { searchLimitsFrom } from '../collections/search-limits.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import type { PictureFetcher } from '../images/fetch/picture-fetcher.js'
import { imageLimitsFrom } from '../images/limits.js'
import { keepingFrom } from '../images/picture-to-keep.js'
import { decodesHere, type PictureDecoder } from '../images/picture-decoder.js'
import type { Logger } from '../log.js'
import { jsonCheckOf, loadContract } from './contract/contract.js'
import { installAccess } from './access/access-layer.js'
import { crossOrigin } from './access/cross-origin.js'
import type { KnownKeys } from './access/identify.js'
import { secureHeaders } from './access/secure-headers.js'
import type { AnswerRecords } from './idempotency/answer-records.js'
import { IdempotentWrites } from './idempotency/idempotent-writes.js'
import { Lifecycle, refuseWhenStopping } from './lifecycle.js'
import { limitRequests } from './load/limit-requests.js'
import { PictureQueue } from './load/picture-queue.js'
import { refuseEarly } from './load/refuse-early.js'
import type { ModelPool } from './model-pool.js'
import { ServerMetrics, type DecoderMemory, type Stage } from './metrics/server-metrics.js'
import { mountOperations } from './mount-operations.js'
import { createCheckNamed } from './requests/check-named.js'
import { checkHead } from './requests/check-head.js'
import { onlyGetPages } from './requests/only-get-pages.js'
import { answerProblem, problemSender } from './requests/problem.js'
import { requestContext } from './requests/request-context.js'
import { uploadFolder } from './requests/upload-spool.js'
import { aliasHandlers } from './routes/aliases.js'
import { collectionHandlers } from './routes/collections.js'
import { docsRouter } from './routes/docs.js'
import { embedHandlers } from './routes/embed.js'
import { healthHandlers } from './routes/health.js'
import { imageHandlers } from './routes/images.js'
import { itemHandlers } from './routes/items.js'
import { jobHandlers } from './routes/jobs.js'
import { modelHandlers } from './routes/models.js'
import { pageRouter } from './routes/page.js'
import { searchHandlers } from './routes/search.js'
import { serverHandlers } from './routes/server.js'
import { snapshotHandlers } from './routes/snapshots.js'
import { CollectionService } from './services/collection-service.js'
import { HealthService } from './services/health-service.js'
import { ImageService } from './services/image-service.js'
import { ItemService } from './services/item-service.js'
import { JobEvents } from './services/job-events.js'
import type { JobService } from './services/job-service.js'
import { PictureService } from './services/picture-service.js'
import { SearchService } from './services/search-service.js'
import { traceRequests, traceStage } from './tracing/trace-requests.js'

export interface ServerParts {
  readonly config: Config
  readonly store: CollectionStore
  readonly models: ModelPool
  readonly keys: KnownKeys
  readonly answers: AnswerRecords
  readonly jobs: JobService
  /** Gets pictures that requests name by URL. */
  readonly fetcher: Pick<PictureFetcher, 'fetch'>
  readonly logger: Logger
  /** Where pictures are decoded; in this process where absent. */
  readonly decoder?: PictureDecoder
  /** The processes that do so, for the metrics. */
  readonly decoders?: readonly DecoderMemory[]
  /** Tells the server when to take nothing new. */
  readonly lifecycle?: Lifecycle
  /** Where the page was built; in the package's own dist/ where absent. */
  readonly pageFolder?: string
  /** Whether answers are held against the contract; by default in tests and development. */
  readonly checkReplies?: boolean
}

/** What answers requests. */
export interface Answering {
  /** To be given to Node's HTTP server: the app, and what refuses before it. */
  readonly listener: RequestListener
  readonly app: Express
}

/** Makes the Express app, and what refuses before it. It opens nothing and listens nowhere: see `listen` and `startServer`. */
export function createServer(parts: ServerParts): Answering {
  const { config, store, models, keys, answers, jobs, fetcher, logger, lifecycle = new Lifecycle() } = parts
  const { decoder = decodesHere } = parts
  const { checkReplies = ['test', 'development'].includes(process.env['NODE_ENV'] ?? '') } = parts
  const contract = loadContract()
  const filterLimits = filterLimitsFrom(config)
  const queue = new PictureQueue({ atOnce: config.picturesAtOnce, waiting: config.picturesWaiting })
  const metrics = new ServerMetrics({
    store,
    jobs,
    queue,
    ...(parts.decoders !== undefined && { decoders: parts.decoders }),
    logger,
  })
  const stages = {
    observe(stage: Stage, milliseconds: number) {
      metrics.observe(stage, milliseconds)
      traceStage(stage, milliseconds)
    },
  }
  const pictures = new PictureService(models, {
    limits: imageLimitsFrom(config),
    fetcher,
    queue,
    decoder,
    stages,
  })
  const searches = new SearchService(store, pictures, models, searchLimitsFrom(config), stages)
  const images = new ImageService(store, { limits: imageLimitsFrom(config), decoder })
  const handlers = {
    ...collectionHandlers(store, new CollectionService(store, models, keepingFrom(config)), jobs),
    ...itemHandlers(store, new ItemService(store, pictures), jobs, filterLimits),
    ...imageHandlers(images),
    ...searchHandlers(store, searches, images, {
      check: jsonCheckOf(contract, 'search'),
      maxQueries: config.maxBatchQueries,
      maxThumbnails: config.maxThumbnails,
    }),
    ...jobHandlers(jobs, new JobEvents(jobs, config.maxJobListeners)),
    ...snapshotHandlers(store, jobs),
    ...aliasHandlers(store),
    ...embedHandlers(pictures),
    ...modelHandlers(models),
    ...serverHandlers(config),
    ...healthHandlers(new HealthService(store, models, lifecycle)),
  }

  const limits = { ...config, uploadFolder: uploadFolder(config.store) }

  const layers = [
    requestContext(logger),
    metrics.middleware,
    secureHeaders,
    ...crossOrigin(config.corsOrigins),
  ]
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(traceRequests)
  app.use(...layers)
  app.use(checkHead)
  const authorize = installAccess(app, { config, keys, store })
  app.use(refuseWhenStopping(lifecycle))
  app.use(limitRequests(config))
  app.use(
    mountOperations(contract.operations, handlers, {
      limits,
      answerSeconds: config.answerSeconds,
      checkReplies,
      authorize,
      writes: new IdempotentWrites(answers, {
        seconds: config.idempotencySeconds,
        most: config.idempotencyKeys,
        answerBytes: config.idempotencyAnswerBytes,
      }),
      checkNamed: createCheckNamed(store, models),
    }),
  )
  app.use(onlyGetPages)
  app.get('/metrics', metrics.handler)
  app.use(docsRouter(contract.document))
  app.use(
    pageRouter({
      page: config.page === 'on',
      ...(parts.pageFolder !== undefined && { folder: parts.pageFolder }),
      directions: {
        name: 'kindred',
        ...(config.docsAccess !== 'off' && { docs: '/docs' }),
        ready: '/health/ready',
      },
    }),
  )
  app.use((req) => {
    throw new KindredError('NOT_FOUND', `There is nothing at ${req.path}`, {
      ...(config.docsAccess !== 'off' && { hint: 'See /docs' }),
    })
  })
  const { operations } = contract
  const sendProblem = problemSender({ idleSeconds: config.bodyIdleSeconds, seconds: config.bodySeconds })
  app.use(answerProblem(sendProblem))
  return { app, listener: refuseEarly(app, { queue, operations, layers, lifecycle, sendProblem }) }
}
