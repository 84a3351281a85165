import type { Response } from 'express'
import { KindredError } from '../../errors.js'
import type { Caller } from './caller.js'
import type { Scope } from './scope.js'

const realm = 'Bearer realm="kindred"'

/** What a stranger is told; the challenge (RFC 6750) goes into the answer's WWW-Authenticate. */
export function unauthorized(
  res: Response,
  { sent, why }: Extract<Caller, { kind: 'stranger' }>,
): KindredError {
  // RFC 6750 section 3.1: a request without a key is told only how to send one.
  res.setHeader(
    'WWW-Authenticate',
    sent ? `${realm}, error="invalid_token", error_description="${why}"` : realm,
  )
  return new KindredError('UNAUTHORIZED', why)
}

/** What a key is told that has too narrow a scope. */
export function outOfScope(
  res: Response,
  key: { readonly id: string; readonly scope: Scope },
  needed: Scope,
): KindredError {
  res.setHeader('WWW-Authenticate', `${realm}, error="insufficient_scope", scope="${needed}"`)
  return new KindredError(
    'FORBIDDEN',
    `The API key ${key.id} has the scope ${key.scope}, this needs ${needed}`,
    {
      hint: `Make one that may: kindred keys create --scope ${needed}`,
    },
  )
}

/** What a key is told that is limited to other collections; nothing of whether there is such a collection. */
export function otherCollection(key: { readonly id: string }, collection: string): KindredError {
  return new KindredError('FORBIDDEN', `The API key ${key.id} is not for the collection ${collection}`)
}

/** What a key limited to collections is told where more than those is at stake. */
export function wholeServer(key: { readonly id: string }): KindredError {
  return new KindredError(
    'FORBIDDEN',
    `The API key ${key.id} is limited to collections, this is about all of them`,
  )
}
