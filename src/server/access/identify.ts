import { timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { readApiKey } from '../../api-key-format.js'
import { hashSecret } from './api-key.js'
import { setCaller, type Caller } from './caller.js'
import type { KeyRecords } from './key-records.js'

/** The part of the key records that a running server reads. */
export type KnownKeys = Pick<KeyRecords, 'find' | 'hadAny'>

/** Finds out who sends each request, from the keys as they are at that moment. It refuses nobody. */
export function identify(keys: KnownKeys): RequestHandler {
  return (req, _res, next) => {
    setCaller(req, keys.hadAny() ? whoSent(req.headers.authorization, keys) : { kind: 'anyone' })
    next()
  }
}

/** No key has it; an unknown id is compared with it, so that it takes as long as a wrong secret. */
const noHash = Buffer.alloc(32)

function whoSent(authorization: string | undefined, keys: KnownKeys): Caller {
  if (authorization === undefined) return stranger('The request has no API key', { sent: false })
  // RFC 9110 section 11.1: the scheme's case does not matter.
  const [, token = ''] = /^bearer +(\S+) *$/i.exec(authorization) ?? []
  const parts = readApiKey(token)
  if (parts === null) return stranger('The Authorization header holds no API key')
  const known = keys.find(parts.id)
  const same = timingSafeEqual(hashSecret(parts.secret), known?.hash ?? noHash)
  if (known === null || !same) return stranger('The API key is not known')
  const { key } = known
  if (key.revokedAt !== null) return stranger(`The API key ${key.id} is revoked`)
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= Date.now()) {
    return stranger(`The API key ${key.id} has expired`)
  }
  return { kind: 'key', key }
}

const stranger = (why: string, { sent }: { sent: boolean } = { sent: true }): Caller => ({
  kind: 'stranger',
  sent,
  why,
})
