import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { KindredError } from '../../errors.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can reach the address; `::ffff:127.0.0.1` is one of them. */
const isLoopback = (address: string): boolean =>
  loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Whether a Host header names this machine as it is called on itself. */
export function namesThisMachine(host: string): boolean {
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(name) === 0 ? name.toLowerCase() === 'localhost' : isLoopback(name)
}

/**
 * Lets a server without keys listen only where no one else can reach it.
 *
 * @throws KindredError KEYS_NEEDED; INVALID_SETTING where the host has no address
 */
export async function stayOnThisMachine(host: string): Promise<void> {
  const addresses = await lookup(host === '' ? '::' : host, { all: true }).catch((cause: unknown) => {
    throw new KindredError('INVALID_SETTING', `The host ${host} has no address`, { cause })
  })
  if (addresses.every(({ address }) => isLoopback(address))) return
  const where = host === '' ? 'every address of this machine' : host
  throw new KindredError(
    'KEYS_NEEDED',
    `There is no API key, so the server does not listen on ${where}: whoever reaches it could do everything`,
  )
}
