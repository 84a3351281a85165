import type { Config } from '../../config.js'
import { fetchesAnything, fetchRulesFrom } from '../../images/fetch/fetch-rules.js'
import type { Handlers } from '../contract/operation-types.js'
import { hostFor } from '../services/host.js'

/** /v1/server */
export const serverHandlers = (config: Config): Pick<Handlers, 'getServer'> => {
  const fetchesUrls = fetchesAnything(fetchRulesFrom(config))
  return {
    getServer({ access: { key } }) {
      return Promise.resolve({
        status: 200,
        body: {
          key: key && { scope: key.scope, collections: key.collections && [...key.collections] },
          fetchesUrls,
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
  }
}
