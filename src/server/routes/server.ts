import type { Config } from '../../config.js'
import type { Handlers } from '../contract/operation-types.js'
import { hostFor } from '../services/host.js'

/** /v1/server */
export const serverHandlers = (config: Config): Pick<Handlers, 'getServer'> => ({
  getServer({ access: { key } }) {
    return Promise.resolve({
      status: 200,
      body: {
        key: key && { scope: key.scope, collections: key.collections && [...key.collections] },
        fetchesUrls: config.fetchFrom.trim() !== 'none',
        limits: {
          imageBytes: config.maxImageBytes,
          uploadBytes: config.maxUploadBytes,
          k: config.maxK,
          examples: config.maxExamples,
        },
        host: hostFor(key),
      },
    })
  },
})
