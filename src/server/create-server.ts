import express, { type Express } from 'express'
import type { CollectionStore } from '../collections/collection-store.js'
import { filterLimitsFrom } from '../collections/filter/read-filter.js'
import type { Config } from '../config.js'
import { KindredError } from '../errors.js'
import { imageLimitsFrom } from '../images/limits.js'
import { prepareInput, type PrepareInput } from '../images/prepare-input.js'
import type { Logger } from '../log.js'
import { loadContract } from './contract/contract.js'
import { Lifecycle, refuseWhenStopping } from './lifecycle.js'
import { limitRequests } from './load/limit-requests.js'
import { PictureQueue } from './load/picture-queue.js'
import type { ModelPool } from './model-pool.js'
import { ServerMetrics } from './metrics/server-metrics.js'
import { mountOperations } from './mount-operations.js'
import { checkHead } from './requests/check-head.js'
import { answerProblem } from './requests/problem.js'
import { requestContext } from './requests/request-context.js'
import { collectionHandlers } from './routes/collections.js'
import { docsRouter } from './routes/docs.js'
import { embedHandlers } from './routes/embed.js'
import { healthHandlers } from './routes/health.js'
import { itemHandlers } from './routes/items.js'
import { modelHandlers } from './routes/models.js'
import { searchHandlers } from './routes/search.js'
import { CollectionService } from './services/collection-service.js'
import { HealthService } from './services/health-service.js'
import { ItemService } from './services/item-service.js'
import { PictureService } from './services/picture-service.js'
import { SearchService } from './services/search-service.js'

export interface ServerParts {
  readonly config: Config
  readonly store: CollectionStore
  readonly models: ModelPool
  readonly logger: Logger
  /** Where pictures are decoded; in this process where absent. */
  readonly prepareInput?: PrepareInput
  /** Tells the server when to take nothing new. */
  readonly lifecycle?: Lifecycle
  /** Whether answers are held against the contract; by default in tests and development. */
  readonly checkReplies?: boolean
}

/** Makes the Express app. It opens nothing and listens nowhere: see `listen` and `startServer`. */
export function createServer(parts: ServerParts): Express {
  const { config, store, models, logger, lifecycle = new Lifecycle() } = parts
  const { checkReplies = ['test', 'development'].includes(process.env['NODE_ENV'] ?? '') } = parts
  const contract = loadContract()
  const filterLimits = filterLimitsFrom(config)
  const queue = new PictureQueue({ atOnce: config.picturesAtOnce, waiting: config.picturesWaiting })
  const metrics = new ServerMetrics({ store, queue, logger })
  const pictures = new PictureService(models, {
    limits: imageLimitsFrom(config),
    queue,
    prepare: parts.prepareInput ?? prepareInput,
    metrics,
  })
  const handlers = {
    ...collectionHandlers(store, new CollectionService(store, models)),
    ...itemHandlers(store, new ItemService(store, pictures), filterLimits),
    ...searchHandlers(
      new SearchService(store, pictures, models, { maxK: config.maxK, filter: filterLimits }, metrics),
    ),
    ...embedHandlers(pictures),
    ...modelHandlers(models),
    ...healthHandlers(new HealthService(store, models, lifecycle)),
  }

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(requestContext(logger))
  app.use(metrics.middleware)
  app.use(checkHead)
  app.use(refuseWhenStopping(lifecycle))
  app.use(limitRequests(config.maxRequests))
  app.use(
    mountOperations(contract.operations, handlers, {
      limits: config,
      answerSeconds: config.answerSeconds,
      checkReplies,
      refusePictures: () => {
        queue.refuseWhenFull()
      },
    }),
  )
  app.get('/metrics', metrics.handler)
  app.use(docsRouter(contract.document))
  app.get('/', (_req, res) => res.json({ name: 'kindred', docs: '/docs', ready: '/health/ready' }))
  app.use((req) => {
    throw new KindredError('NOT_FOUND', `There is nothing at ${req.path}`, { hint: 'See /docs' })
  })
  app.use(answerProblem)
  return app
}
