import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { flagOf, type Config } from '../../config.js'
import { expected, KindredError } from '../../errors.js'
import { isPublicAddress } from './public-address.js'

type Range = ReturnType<typeof ipaddr.parseCIDR>

/** What may be fetched, as the settings `fetchFrom` and `fetchPorts` say. */
export interface FetchRules {
  /** Whether any host may be asked at a public address. */
  readonly anyHost: boolean
  /** Hosts that may be asked at a public address; `.example.com` stands for every host below it. */
  readonly hosts: readonly string[]
  /** Where any host may be asked, public or not. */
  readonly ranges: readonly Range[]
  readonly ports: ReadonlySet<number>
}

const hostPattern = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i

/** @throws KindredError INVALID_SETTING */
export function fetchRulesFrom({
  fetchFrom,
  fetchPorts,
}: Pick<Config, 'fetchFrom' | 'fetchPorts'>): FetchRules {
  const rules = { anyHost: false, hosts: new Array<string>(), ranges: new Array<Range>() }
  for (const entry of listed(fetchFrom)) {
    if (entry === 'none') continue
    if (entry === 'public') rules.anyHost = true
    else if (ipaddr.isValidCIDR(entry)) rules.ranges.push(ipaddr.parseCIDR(entry))
    else if (hostPattern.test(entry) && isIP(entry) === 0)
      rules.hosts.push(entry.replace(/^\*/, '').toLowerCase())
    else {
      throw expected(
        'none, public, or hosts and address ranges (10.1.0.0/16) with commas between',
        flagOf('fetchFrom'),
        fetchFrom,
        'INVALID_SETTING',
      )
    }
  }
  const ports = new Set(listed(fetchPorts).map(Number))
  if (ports.size === 0 || [...ports].some((port) => !Number.isInteger(port) || port < 1 || port > 65_535)) {
    throw expected('ports with commas between', flagOf('fetchPorts'), fetchPorts, 'INVALID_SETTING')
  }
  return { ...rules, ports }
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)

/** Whether anything at all may be fetched. */
export const fetchesAnything = ({ anyHost, hosts, ranges }: FetchRules): boolean =>
  anyHost || hosts.length > 0 || ranges.length > 0

/**
 * What can be told of an address before anything is asked: scheme, credentials, port, and where the host is a number
 * or can be no listed one, the host.
 *
 * @returns the URL; its parser has turned odd forms of a number (`0x7f.1`, `2130706433`) into the plain one
 * @throws KindredError URL_NOT_FETCHED
 */
export function checkUrl(address: string, rules: FetchRules): URL {
  if (!fetchesAnything(rules)) throw refused('URLs are not fetched here')
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw refused('Only http and https URLs are fetched')
  }
  if (url.username !== '' || url.password !== '') throw refused('A URL with credentials is not fetched')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (!rules.ports.has(port)) throw refused(`Nothing is fetched from port ${port}`)
  const host = hostOf(url)
  if (isIP(host) > 0 ? !mayConnect(host, host, rules) : rules.ranges.length === 0 && !isListed(host, rules)) {
    throw refused(`Nothing is fetched from ${host}`)
  }
  return url
}

/** Name or number, without the brackets of IPv6. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** Whether the host of a URL may be asked at an address that it resolved to. */
export const mayConnect = (host: string, address: string, rules: FetchRules): boolean =>
  (isListed(host, rules) && isPublicAddress(address)) || isWithin(address, rules)

/** A dot at the end of a host's name changes nothing. */
function isListed(host: string, { anyHost, hosts }: FetchRules): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return anyHost || hosts.some((one) => (one.startsWith('.') ? name.endsWith(one) : name === one))
}

/** An IPv4 address inside an IPv6 one is in no range of IPv4. */
function isWithin(address: string, { ranges }: FetchRules): boolean {
  const parsed = ipaddr.parse(address)
  return ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match([base, bits] as never))
}

/** What is refused by the rules, not by the host asked. */
export const refused = (reason: string): KindredError => new KindredError('URL_NOT_FETCHED', reason)
