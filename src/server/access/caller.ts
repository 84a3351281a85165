import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import type { ApiKey } from './api-key.js'

/** Who sends a request, as far as the server can tell. */
export type Caller =
  /** The server has no keys: whoever reaches it may do everything. */
  | { readonly kind: 'anyone' }
  | { readonly kind: 'key'; readonly key: ApiKey }
  /** No usable key, and why not: `sent` is whether there was any. */
  | { readonly kind: 'stranger'; readonly sent: boolean; readonly why: string }

const callers = new WeakMap<object, Caller>()

/** Notes who sends a request; see `identify`. */
export function setCaller(req: Request, caller: Caller): void {
  callers.set(req, caller)
}

/** Who sends this request, as `identify` found out. */
export function callerOf(req: Request): Caller {
  const caller = callers.get(req)
  if (caller === undefined) throw new Error('Nobody asked who sends the request: identify() must come first')
  return caller
}

/** The id of the key that the request came with; undefined where there is none, or it is not known yet. */
export function keyIdOf(req: IncomingMessage): string | undefined {
  const caller = callers.get(req)
  return caller?.kind === 'key' ? caller.key.id : undefined
}
