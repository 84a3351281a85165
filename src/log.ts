import { pino, type Logger } from 'pino'

export type { Logger }

/**
 * Structured log on standard error: JSON lines. Standard output belongs to a command's answer.
 *
 * @param level one of pino's levels, or `silent`
 */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['req.headers.authorization'] },
    pino.destination({ fd: 2, sync: true }),
  )
}
