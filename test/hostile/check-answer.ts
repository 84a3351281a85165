import { errorRegistry, type ErrorCode } from '../../src/errors.js'
import type { HostileRequest, Sent } from './hostile-request.js'
import { readAnswers } from './read-answers.js'
import type { Exchange } from './send.js'

/** The server's own fault, and honest: it says that it cannot now, or that others failed. */
const honest = [502, 503, 504]

/** Of a connection, which one read takes. */
const oneRead = 16 * 1024

/**
 * Whether the server may answer, and close the connection as it was asked to, before everything has been sent: then what comes
 * after resets the connection, and the answer may be lost on its way.
 */
const mayBeCut = ({ sent }: HostileRequest): boolean =>
  sent.length > 1 || sent.some((piece) => lengthOf(piece) > oneRead)

const lengthOf = (piece: Sent): number => (typeof piece === 'object' && 'pauseMs' in piece ? 0 : piece.length)

/** The statuses of what came back. @throws Error where it is not what a sound server answers */
export function checkExchange(request: HostileRequest, { received, end }: Exchange): number[] {
  const { what, head, then } = request
  const fail = (why: string): never => {
    throw new Error(`${what}: ${why}\n${received.toString('latin1', 0, 1000)}`)
  }
  if (end === 'silent') fail('neither an answer nor an end of the connection')
  const answers = readAnswers(received, head === true)
  if (answers.length === 0 && then === 'wait' && !(end === 'cut' && mayBeCut(request))) {
    fail(`no answer (the connection was ${end})`)
  }
  for (const { status, headers, body } of answers) {
    if (status >= 500 && !honest.includes(status)) fail(`status ${status}`)
    if (status < 400) continue
    if (!headers.get('content-type')?.startsWith('application/problem+json'))
      fail(`${status} is no problem+json`)
    if (!headers.has('x-request-id')) fail(`${status} has no X-Request-Id`)
    // A client that sends on may be cut off in the middle of its answer.
    if (head === true || end !== 'closed') continue
    const problem = JSON.parse(body) as { code: string; status: number }
    const known = Object.hasOwn(errorRegistry, problem.code)
    if (!known) fail(`the code ${problem.code} is not in the registry`)
    if (problem.status !== status || errorRegistry[problem.code as ErrorCode].status !== status) {
      fail(`${problem.code} came with the status ${status}`)
    }
  }
  return answers.map(({ status }) => status)
}
