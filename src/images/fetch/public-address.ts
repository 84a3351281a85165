import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses of cloud machines' metadata services that lie among public ones. */
const metadataServices: ReadonlySet<string> = new Set(['168.63.129.16'])

/** What IANA has given out of IPv6 for hosts on the internet (RFC 4291, section 2.4). */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an IP address is one of the public internet: none of this machine or its networks, no multicast, nothing
 * reserved, no metadata service, and no IPv4 address inside an IPv6 one, which a gateway might unpack.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || metadataServices.has(parsed.toString())) return false
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast)
}
