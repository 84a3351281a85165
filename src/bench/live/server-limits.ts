import type { Answer, Client } from '../../client/client.js'
import { settings } from '../../config.js'
import { KindredError } from '../../errors.js'

/** What a server allows a benchmark. */
export interface ServerLimits {
  /** Most bytes of a picture. */
  readonly imageBytes: number
  /** Most results that it gives at a time. */
  readonly k: number
  /** Whether the key may remove collections. */
  readonly removes: boolean
}

/** @throws KindredError what the server says; one that is too old to say anything is taken to be as it is by default */
export async function serverLimits(client: Client): Promise<ServerLimits> {
  try {
    const { key, limits }: Answer<'getServer'> = await client.getServer()
    return { imageBytes: limits.imageBytes, k: limits.k, removes: key === null || key.scope === 'admin' }
  } catch (thrown) {
    if (!(thrown instanceof KindredError) || thrown.code !== 'NOT_FOUND') throw thrown
    return { imageBytes: settings.maxImageBytes.default, k: settings.maxK.default, removes: true }
  }
}
