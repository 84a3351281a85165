import { KindredError } from '../../errors.js'

/** Who a request counts for. */
export interface Client {
  /** The id of its API key; undefined where it has none. */
  readonly key: string | undefined
  /** See `addressOf`. */
  readonly address: string
}

/**
 * Counts what each client has under way: each API key, and without one each address.
 *
 * @param most 0 for no limit
 * @returns counts one more, until what it gives back is called; throws OVERLOADED where the client has its share
 */
export function limitShare(most: number): (client: Client) => () => void {
  const open = new Map<string, number>()
  return ({ key, address }) => {
    const client = key === undefined ? `address ${address}` : `key ${key}`
    const before = open.get(client) ?? 0
    if (most > 0 && before >= most) {
      const whose = key === undefined ? 'address' : 'API key'
      const message = `${before} requests of one ${whose} are under way, and ${most} may be`
      throw new KindredError('OVERLOADED', message, {
        hint: 'Send fewer at a time. The setting maxRequestsPerClient raises the limit.',
      })
    }
    open.set(client, before + 1)
    return () => {
      const left = (open.get(client) ?? 0) - 1
      if (left > 0) open.set(client, left)
      else open.delete(client)
    }
  }
}
