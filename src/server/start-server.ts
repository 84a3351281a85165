import { loadBundle } from '../bundles/load-bundle.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import { settingsOfServer, type Config } from '../config.js'
import { createOnnxEmbedder } from '../embedding/onnx-embedder.js'
import { DecoderPool } from '../images/decoding/decoder-pool.js'
import { decoderPoolFrom, openJobDecoders } from '../images/decoding/open-decoders.js'
import { createPictureFetcher } from '../images/fetch/picture-fetcher.js'
import type { Logger } from '../log.js'
import { KeyRecords } from './access/key-records.js'
import { stayOnThisMachine } from './access/loopback.js'
import { createServer } from './create-server.js'
import { AnswerRecords } from './idempotency/answer-records.js'
import { Lifecycle } from './lifecycle.js'
import { listen } from './listen.js'
import { openModelPool } from './model-pool.js'
import { openJobService } from './services/open-job-service.js'
import { startTracing } from './tracing/start-tracing.js'

export interface RunningServer {
  /** `http://HOST:PORT` */
  readonly url: string
  /** Stops gracefully and closes store and models; called again, it cuts off what is still running. */
  close(): Promise<void>
}

/**
 * Opens the store and the default model, checks that both work, and serves.
 *
 * @param options.onListening called once with the server's URL
 * @throws KindredError STORE_LOCKED, MODEL_NOT_FOUND, MODEL_CORRUPT, EMBEDDER_FAILED, INVALID_SETTING, KEYS_NEEDED; what was opened
 * by then is closed again
 */
export async function startServer(
  config: Config,
  logger: Logger,
  options: { readonly onListening?: (url: string) => void } = {},
): Promise<RunningServer> {
  /** What to close, the newest first. */
  const opened: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    const stopTracing = await startTracing(process.env)
    if (stopTracing !== null) opened.push(stopTracing)
    const defaultBundle = await loadBundle(config.model)
    const store = await openEmbeddedStore(config.store, { logger })
    opened.push(() => store.close())
    const keys = KeyRecords.open(config.store)
    opened.push(() => {
      keys.close()
      return Promise.resolve()
    })
    if (!keys.hadAny()) await stayOnThisMachine(config.host)
    const answers = AnswerRecords.open(config.store)
    opened.push(() => {
      answers.close()
      return Promise.resolve()
    })
    const models = await openModelPool({
      defaultBundle,
      modelsFolder: config.models,
      openEmbedder: (bundle) =>
        createOnnxEmbedder(bundle, {
          provider: config.provider,
          threads: config.embedThreads,
          maxBatch: config.embedBatch,
        }),
      logger,
    })
    opened.push(() => models.close())
    const decoders = new DecoderPool(decoderPoolFrom(config))
    opened.push(() => decoders.close())
    // Of their own, so that no request waits for the pictures of a job.
    const jobDecoders = openJobDecoders(config)
    opened.push(() => jobDecoders.close())
    const fetcher = createPictureFetcher(config)
    opened.push(() => fetcher.close())
    const jobs = await openJobService({ config, store, models, fetcher, decoder: jobDecoders, logger })
    opened.push(() => jobs.close())
    const lifecycle = new Lifecycle()
    const { listener } = createServer({
      config,
      store,
      models,
      keys,
      answers,
      jobs,
      fetcher,
      logger,
      lifecycle,
      decoder: decoders,
      decoders: [decoders, jobDecoders],
    })
    const server = await listen(listener, { ...config, lifecycle, logger })
    logger.info({ settings: settingsOfServer(config) }, 'settings')
    logger.info({ url: server.url, model: models.defaultModel, store: config.store }, 'serving')
    if (!keys.hadAny()) {
      logger.warn(
        'No API key was made: every program on this machine may do everything. See: kindred keys create --help',
      )
    }
    options.onListening?.(server.url)
    let closed: Promise<void> | undefined
    return {
      url: server.url,
      close() {
        const stopped = server.stop()
        // With the server: who follows a job is told that it stops.
        closed ??= Promise.all([stopped, jobs.stop()]).then(closeAll)
        return closed
      },
    }
  } catch (thrown) {
    await closeAll()
    throw thrown
  }
}
