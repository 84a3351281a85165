import { KindredError, type ErrorCode } from '../../errors.js'
import type { AnyReply } from '../requests/send-reply.js'

/** What became of a request, as it is kept: its answer, or what it was refused with. */
type Outcome =
  | Exclude<AnyReply, { readonly stream: unknown }>
  | { readonly code: ErrorCode; readonly message: string; readonly hint?: string; readonly field?: string }

/** What may be otherwise in a moment: REQUEST_TIMEOUT, STORE_LOCKED, RATE_LIMITED, and a caller that left. */
const passing = [408, 423, 429, 499]

/** @returns null for an answer that is not kept: a stream, which can be read once */
export const packReply = (reply: AnyReply): string | null =>
  'stream' in reply ? null : JSON.stringify(reply)

/** @returns null for a failure of the server's, which says nothing of the request */
export function packError(thrown: unknown): string | null {
  if (!(thrown instanceof KindredError) || thrown.status >= 500 || passing.includes(thrown.status))
    return null
  const { code, message, hint, field } = thrown
  return JSON.stringify({ code, message, hint, field })
}

/** Answers what was answered, and says so. @throws what was thrown */
export function replay(kept: string): AnyReply {
  const outcome = JSON.parse(kept) as Outcome // written by packReply() and packError() alone
  if ('status' in outcome) {
    return { ...outcome, headers: { ...outcome.headers, 'Idempotent-Replayed': 'true' } }
  }
  const { code, message, ...options } = outcome
  throw new KindredError(code, message, options)
}
