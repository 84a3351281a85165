/**
 * How a key is written: `kindred_`, 12 hex digits that name it, `_`, and 256 random bits in base64url, which are the secret.
 * Whoever searches logs and repositories for leaked secrets can find it by this pattern; so does the log (see log.ts).
 */
const written = 'kindred_([0-9a-f]{12})_([A-Za-z0-9_-]{43})'

const whole = new RegExp(`^${written}$`)
const anywhere = new RegExp(written, 'g')

export interface ApiKeyParts {
  /** Public: it is in lists and logs. */
  readonly id: string
  readonly secret: string
}

export const writeApiKey = ({ id, secret }: ApiKeyParts): string => `kindred_${id}_${secret}`

/** @returns null where the text is no key */
export function readApiKey(text: string): ApiKeyParts | null {
  const [, id, secret] = whole.exec(text) ?? []
  return id === undefined || secret === undefined ? null : { id, secret }
}

/** The text with the secret of every key in it taken out. */
export const withoutSecrets = (text: string): string =>
  text.includes('kindred_') ? text.replace(anywhere, (_key, id: string) => `kindred_${id}_[secret]`) : text
