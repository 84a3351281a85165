import { Command } from 'commander'
import { createLogger } from '../log.js'
import { startServer } from '../server/start-server.js'
import { exitCode } from './exit.js'
import { describeDemo, findDemo, prepareDemo } from './demo.js'
import { catalogueSettings } from './indexing/index-request.js'
import { embeddingSettings, keepingSettings } from './open-embedder.js'
import { addSettings, configOf, fetchSettings } from './setting-options.js'

/** How long a server that was told twice to stop may take to close its store and models; a kill harms neither. */
const cutOffMs = 1000

/** `kindred serve`: the HTTP API, until it is told to stop. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Serve the HTTP API over the embedded store.')
    .option('--json', 'print one JSON object once it listens')
    .option('--demo', 'make the collection "demo" first, a small catalogue of drawn products')
  addSettings(command, [
    'port',
    'host',
    'store',
    'model',
    'models',
    ...embeddingSettings,
    ...fetchSettings,
    ...keepingSettings,
    'maxK',
    'maxThumbnails',
    'maxExamples',
    'maxCandidates',
    'maxBatchQueries',
    'maxFilterDepth',
    'maxFilterTerms',
    'maxJsonBytes',
    'page',
    'docsAccess',
    'metricsAccess',
    'corsOrigins',
    'trustProxy',
    'rateLimitPerAddress',
    'rateLimitPerKey',
    'rateLimitSeconds',
    'decoders',
    'decodeSeconds',
    'picturesAtOnce',
    'picturesWaiting',
    'maxRequests',
    'maxRequestsPerClient',
    'answerSeconds',
    'maxHeaderBytes',
    'headersSeconds',
    ...catalogueSettings,
    'importRoots',
    'maxUploadBytes',
    'maxSnapshotBytes',
    'maxRunningJobs',
    'maxQueuedJobs',
    'maxJobListeners',
    'maxDuplicates',
    'maxMissingPercent',
    'abandonJobs',
    'keepJobs',
    'bodySeconds',
    'bodyIdleSeconds',
    'uploadSeconds',
    'shutdownSeconds',
    'logLevel',
  ])
  return command
    .addHelpText('after', '\nExample:\n  kindred serve --port 8080 --store index --model models/products')
    .action(async ({ demo = false, json = false }: { demo?: boolean; json?: boolean }) => {
      const config = configOf(command)
      if (demo) await prepareDemo(config, json)
      const server = await startServer(config, createLogger(config.logLevel))
      const { url } = server
      const docs = `${url}/docs`
      if (json) {
        process.stdout.write(`${JSON.stringify({ url, docs, ...(demo && { demo: findDemo(config) }) })}\n`)
      } else {
        process.stdout.write(`kindred serves on ${url}  (API: ${docs})\n`)
        if (demo) process.stdout.write(describeDemo(config, url))
      }
      // The first signal finishes what was accepted, a second one cuts it off (see close), a third waits for nothing.
      let signals = 0
      const end = (): never => process.exit(exitCode.interrupted)
      const stop = (): void => {
        if (++signals > 2) end()
        void server.close()
        if (signals === 2) setTimeout(end, cutOffMs).unref()
      }
      process.on('SIGINT', stop).on('SIGTERM', stop)
    })
}
