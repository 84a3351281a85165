import { loadConfig } from '../../../src/config.js'
import { createLogger } from '../../../src/log.js'
import { startServer } from '../../../src/server/start-server.js'

/** Serves with the settings that the environment names, and says on standard output where, until it is killed. */
const server = await startServer(loadConfig({ env: process.env }), createLogger('silent'))
console.log(server.url)
