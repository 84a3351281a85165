import { isIP } from 'node:net'
import type { Request } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'

/** Who a request counts for that comes without a key: its address, of IPv6 the /56 that one customer has. */
export const addressOf = (req: Pick<Request, 'ip'>): string => ipKeyGenerator(withoutPort(req))

/** Some proxies write the client's port behind its address, another one for each connection. */
function withoutPort({ ip }: Pick<Request, 'ip'>): string {
  // None: the connection is closed already.
  if (ip === undefined) return ''
  return isIP(ip) === 0 ? ip.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') : ip
}
