import type { Answer, Client } from '../../client/client.js'
import { KindredError } from '../../errors.js'

export type ServerHost = NonNullable<Answer<'getServer'>['host']>

/**
 * The machine and the versions of a server.
 *
 * @returns null where it does not tell: the key may not do everything, or it is too old
 * @throws KindredError what the server says else
 */
export async function serverHost(client: Client): Promise<ServerHost | null> {
  try {
    const { host }: Partial<Answer<'getServer'>> = await client.getServer()
    return host ?? null
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === 'NOT_FOUND') return null
    throw thrown
  }
}
