import { Agent, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'
import type { PreparedRequest } from './prepared-request.js'

export interface Sent {
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  /** Why none came, as Node calls it (`ECONNRESET`), or `TIMEOUT`; null where one did. */
  readonly broke: string | null
  /** From when it was due to when its answer had come whole: a client that falls behind does not hide a slow server. */
  readonly ms: number
  /** From when it was due to when it was handed to the connections: the client's own delay. */
  readonly lateMs: number
  readonly text: string
  /** Of the answer's body. */
  readonly bytes: number
}

/** Connections that stay open, at most so many. */
export function openConnections(url: string, most: number): Agent {
  const options = { keepAlive: true, maxSockets: most, maxFreeSockets: most }
  return url.startsWith('https:') ? new TlsAgent(options) : new Agent(options)
}

/**
 * Sends a request at once, whatever became of those before. Never rejects: that the server breaks is a finding.
 *
 * @param due when it should have been sent, by `performance.now()`
 * @param timeoutMs how long its answer may take from then on
 */
export const send = (
  { url, method, headers, body }: PreparedRequest,
  agent: Agent,
  due: number,
  timeoutMs = 60_000,
): Promise<Sent> =>
  new Promise((resolve) => {
    const lateMs = performance.now() - due
    const parts: Buffer[] = []
    const end = (status: number, broke: string | null): void => {
      clearTimeout(timer)
      const whole = Buffer.concat(parts)
      resolve({
        status,
        broke,
        ms: performance.now() - due,
        lateMs,
        text: whole.toString(),
        bytes: whole.length,
      })
    }
    let late = false
    const fail = (error: NodeJS.ErrnoException): void => {
      end(0, late ? 'TIMEOUT' : (error.code ?? 'BROKEN'))
    }
    const start = url.startsWith('https:') ? httpsRequest : httpRequest
    const sent = start(url, { method, headers, agent }, (answer) => {
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('error', fail)
      answer.once('end', () => {
        end(answer.statusCode ?? 0, null)
      })
    })
    const timer = setTimeout(
      () => {
        late = true
        sent.destroy()
      },
      Math.max(0, timeoutMs - lateMs),
    )
    sent.once('error', fail)
    sent.end(body)
  })
