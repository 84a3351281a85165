import type { Config } from '../../src/config.js'
import { createServer } from '../../src/server/create-server.js'
import { Lifecycle } from '../../src/server/lifecycle.js'
import { listen, type ListeningServer } from '../../src/server/listen.js'
import { quiet, type TestServer } from './test-server.js'

/** Another server over a test server's store and models, which listens on a free port of loopback. */
export async function listenOver(
  test: TestServer,
  settings: Partial<Config> = {},
  logger = quiet,
): Promise<{ readonly server: ListeningServer; readonly lifecycle: Lifecycle }> {
  const config = { ...test.config, ...settings }
  const lifecycle = new Lifecycle()
  const { listener } = createServer({ ...test, config, logger, lifecycle })
  return { server: await listen(listener, { ...config, port: 0, lifecycle, logger }), lifecycle }
}
