import { timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { readApiKey } from '../../api-key-format.js'
import { hashSecret, type ApiKey } from './api-key.js'
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
  const end = endOf(key)
  return end === null ? { kind: 'key', key } : stranger(`The API key ${key.id} ${end}`)
}

/** Why a key counts no more; null where it does. */
function endOf({ revokedAt, expiresAt }: ApiKey): string | null {
  if (revokedAt !== null) return 'is revoked'
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'has expired' : null
}

/** Whether who was let in once would be let in now: for answers that take long. */
export function stillCounts(caller: Caller, keys: KnownKeys): boolean {
  switch (caller.kind) {
    case 'anyone':
      return !keys.hadAny()
    case 'key': {
      const known = keys.find(caller.key.id)
      return known !== null && endOf(known.key) === null
    }
    case 'stranger':
      return false
  }
}

const stranger = (why: string, { sent }: { sent: boolean } = { sent: true }): Caller => ({
  kind: 'stranger',
  sent,
  why,
})
