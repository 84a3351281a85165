import { pino, type DestinationStream, type Logger } from 'pino'
import { withoutSecrets } from './api-key-format.js'

export type { Logger }

/**
 * Structured log on standard error: JSON lines. Standard output belongs to a command's answer. No line has an API key in it, also
 * where a client put one into a path or an error quotes it.
 *
 * @param level one of pino's levels, or `silent`
 * @param destination for tests
 */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['req.headers.authorization'],
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  )
}
