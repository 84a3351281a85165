import type { Answer, Client } from '../../client/client.js'
import { settings } from '../../config.js'
import { KindredError } from '../../errors.js'

export type ServerHost = NonNullable<Answer<'getServer'>['host']>

/** What a server allows a benchmark, and what it runs on. */
export interface AboutServer {
  /** Most bytes of a picture. */
  readonly imageBytes: number
  /** Most results that it gives at a time. */
  readonly k: number
  /** Whether the key may remove collections. */
  readonly removes: boolean
  /** Its machine and versions; null where it does not tell: the key may not do everything, or it is too old. */
  readonly host: ServerHost | null
}

/** @throws KindredError what the server says; one that is too old to say anything is taken to be as it is by default */
export async function aboutServer(client: Client): Promise<AboutServer> {
  try {
    const { key, limits, host }: Pick<Answer<'getServer'>, 'key' | 'limits'> & { host?: ServerHost | null } =
      await client.getServer()
    return {
      imageBytes: limits.imageBytes,
      k: limits.k,
      removes: key === null || key.scope === 'admin',
      host: host ?? null,
    }
  } catch (thrown) {
    if (!(thrown instanceof KindredError) || thrown.code !== 'NOT_FOUND') throw thrown
    const { maxImageBytes, maxK } = settings
    return { imageBytes: maxImageBytes.default, k: maxK.default, removes: true, host: null }
  }
}
