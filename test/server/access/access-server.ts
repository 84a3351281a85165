import type { RequestListener } from 'node:http'
import type { Express } from 'express'
import { loadConfig, type SettingName } from '../../../src/config.js'
import { KeyRecords, type NewApiKey } from '../../../src/server/access/key-records.js'
import { createServer, type ServerParts } from '../../../src/server/create-server.js'
import { quiet, type TestServer } from '../test-server.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

export interface KeyedApp {
  readonly app: RequestListener
  readonly express: Express
  readonly keys: KeyRecords
  /** Makes a key. @returns what goes into Authorization */
  readonly bearer: (key?: Partial<NewApiKey>) => string
  close(): void
}

/** Another app over a test server's store and models, with keys of its own; none yet. */
export function keyedApp(
  server: TestServer,
  options: {
    readonly flags?: Partial<Record<SettingName, unknown>>
    readonly parts?: Partial<ServerParts>
  } = {},
): KeyedApp {
  const keys = KeyRecords.open(temporaryFolder())
  const config = { ...server.config, ...onlyGiven(options.flags ?? {}) }
  const { store, models, answers, jobs, fetcher } = server
  const parts = { config, store, models, keys, answers, jobs, fetcher, logger: quiet, ...options.parts }
  const { listener, app } = createServer(parts)
  return {
    app: listener,
    express: app,
    keys,
    bearer: (key = {}) =>
      `Bearer ${keys.create({ name: '', scope: 'search', collections: null, expiresAt: null, ...key }).key}`,
    close() {
      keys.close()
    },
  }
}

/** Flags are checked as those of the command line. */
const onlyGiven = (flags: Partial<Record<SettingName, unknown>>) => {
  const config = loadConfig({ flags })
  return Object.fromEntries(Object.keys(flags).map((name) => [name, config[name as SettingName]]))
}
