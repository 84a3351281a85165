import { createHash, randomBytes } from 'node:crypto'
import { writeApiKey } from '../../api-key-format.js'
import type { Scope } from './scope.js'

/** What is known of a key; never the key itself. */
export interface ApiKey {
  /** Names it in lists and logs, and finds it when it is used. */
  readonly id: string
  /** For people. */
  readonly name: string
  readonly scope: Scope
  /** Names of collections or aliases; null for all. */
  readonly collections: readonly string[] | null
  /** RFC 3339 */
  readonly createdAt: string
  /** RFC 3339; null for never. */
  readonly expiresAt: string | null
  /** RFC 3339; null while it is not revoked. */
  readonly revokedAt: string | null
}

/** A new key's text, shown once, and what is kept of it. */
export function makeApiKey(): { readonly id: string; readonly key: string; readonly hash: Buffer } {
  const id = randomBytes(6).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  return { id, key: writeApiKey({ id, secret }), hash: hashSecret(secret) }
}

/** SHA-256. A slow hash is for passwords: 256 random bits cannot be guessed, however fast they can be tried. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()
