import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkUrl, fetchRulesFrom, mayConnect } from '../../../src/images/fetch/fetch-rules.js'
import { isPublicAddress } from '../../../src/images/fetch/public-address.js'
import { unlessRefused } from '../../support/only-refuses.js'

const rulesOf = (fetchFrom: string, fetchPorts = '80,443') => fetchRulesFrom({ fetchFrom, fetchPorts })
const refusal = (url: string, fetchFrom = 'public') => {
  try {
    checkUrl(url, rulesOf(fetchFrom))
    return null
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

describe('an address is public', () => {
  test.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '2a00:1450::1'])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

describe('an address is not public', () => {
  test.each([
    ['this machine', '127.0.0.1', '127.8.8.8', '::1', '0.0.0.0', '0.1.2.3', '::'],
    [
      'a network of its owner',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      'fc00::1',
      'fd00:ec2::254',
    ],
    ['a provider’s own', '100.64.0.1', '100.100.100.200'],
    ['of the link', '169.254.169.254', 'fe80::1', 'fec0::1'],
    ['a metadata service at a public address', '168.63.129.16'],
    ['several hosts', '224.0.0.1', '255.255.255.255', 'ff02::1'],
    [
      'reserved',
      '192.0.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '240.0.0.1',
      '2001:db8::1',
    ],
    ['reserved, IPv6', '100::1', '3fff::1', '4000::1', '5f00::1', '::2'],
    [
      'an IPv4 address in an IPv6 one',
      '::ffff:8.8.8.8',
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '64:ff9b::808:808',
    ],
    ['a tunnel', '2002:7f00:1::', '2001::1'],
    ['none', '', 'example.com', '1.2.3', '1.2.3.4.5'],
  ])('%s', (_what, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })
})

describe('a URL', () => {
  test('is refused where nothing is allowed, which is the default', () => {
    expect(refusal('https://example.com/a.jpg', 'none')).toBe('URL_NOT_FETCHED')
    expect(refusal('https://example.com/a.jpg', '')).toBe('URL_NOT_FETCHED')
  })

  test.each([
    'https://example.com/a.jpg',
    'http://example.com:443/a.jpg',
    'https://8.8.8.8/a.jpg',
    'http://[2606:4700::1111]/a.jpg',
  ])('%s may be asked where public hosts are allowed', (url) => {
    expect(refusal(url)).toBeNull()
  })

  test.each([
    'ftp://example.com/a.jpg',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    '//example.com/a.jpg',
    'example.com/a.jpg',
    'http://',
    'https://user@example.com/a.jpg',
    'https://user:secret@example.com/a.jpg',
    'https://example.com:8443/a.jpg',
    'http://example.com:22/',
  ])('%s is refused for its form', (url) => {
    expect(refusal(url)).toBe('URL_NOT_FETCHED')
  })

  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
  ])('%s is refused for its address, however it is written', (url) => {
    expect(refusal(url)).toBe('URL_NOT_FETCHED')
  })

  test('of a listed host, or of one below a listed domain, may be asked, and no other', () => {
    const listed = 'shop.example, *.cdn.example'
    for (const host of [
      'shop.example',
      'SHOP.example',
      'shop.example.',
      'a.cdn.example',
      'a.b.cdn.example',
    ]) {
      expect(refusal(`https://${host}/a.jpg`, listed)).toBeNull()
    }
    for (const host of [
      'a.shop.example',
      'cdn.example',
      'xcdn.example',
      'shop.example.evil.example',
      '8.8.8.8',
    ]) {
      expect(refusal(`https://${host}/a.jpg`, listed)).toBe('URL_NOT_FETCHED')
    }
  })
})

describe('a host that resolved', () => {
  test('is asked at a public address alone, listed or not', () => {
    for (const rules of [rulesOf('public'), rulesOf('shop.example')]) {
      expect(mayConnect('shop.example', '8.8.8.8', rules)).toBe(true)
      expect(mayConnect('shop.example', '10.1.2.3', rules)).toBe(false)
      expect(mayConnect('shop.example', '169.254.169.254', rules)).toBe(false)
    }
    expect(mayConnect('other.example', '8.8.8.8', rulesOf('shop.example'))).toBe(false)
  })

  test('is asked within a listed range of addresses, and in no IPv6 form of it', () => {
    const rules = rulesOf('10.1.0.0/16')
    expect(mayConnect('files.internal', '10.1.2.3', rules)).toBe(true)
    expect(mayConnect('files.internal', '10.2.0.1', rules)).toBe(false)
    expect(mayConnect('files.internal', '::ffff:10.1.2.3', rules)).toBe(false)
    expect(mayConnect('files.internal', '8.8.8.8', rules)).toBe(false)
  })
})

describe('the settings', () => {
  test.each(['10.0.0.0/33', 'https://shop.example', 'a b', '-a.example', '10.0.0.1', '*'])(
    'refuse %s as a place',
    (fetchFrom) => {
      expect(() => rulesOf(fetchFrom)).toThrow(expect.objectContaining({ code: 'INVALID_SETTING' }))
    },
  )

  test('are named in a refusal as they are typed', () => {
    expect(() => rulesOf('*')).toThrow(/--fetch-from/)
    expect(() => rulesOf('public', '0')).toThrow(/--fetch-ports/)
  })

  test.each(['', '0', '65536', '80;443', 'http'])('refuse %j as ports', (ports) => {
    expect(() => rulesOf('public', ports)).toThrow(expect.objectContaining({ code: 'INVALID_SETTING' }))
  })
})

describe('any text as a URL', () => {
  const rules = fetchRulesFrom({ fetchFrom: 'shop.example,*.cdn.example', fetchPorts: '80,443' })
  const host = fc.constantFrom(
    'shop.example',
    'a.cdn.example',
    'cdn.example',
    '127.0.0.1',
    '0x7f.1',
    '[::1]',
    'shop.example.evil.org',
  )
  const written = fc
    .tuple(
      fc.constantFrom('http', 'https', 'file', 'HTTP'),
      fc.constantFrom('', 'user@', 'a:b@'),
      host,
      fc.nat(500),
      fc.webPath(),
    )
    .map(([scheme, who, name, port, path]) => `${scheme}://${who}${name}:${port}${path}`)

  test('leads to a listed host at an allowed port without credentials, or is refused', () => {
    fc.assert(
      fc.property(fc.oneof(written, fc.webUrl(), fc.string({ unit: 'binary' })), (address) => {
        const url = unlessRefused('URL_NOT_FETCHED', () => checkUrl(address, rules))
        if (url === undefined) return
        expect(url.hostname).toMatch(/^(shop\.example|.+\.cdn\.example)\.?$/)
        expect(['', '80', '443']).toContain(url.port)
        expect(['http:', 'https:']).toContain(url.protocol)
        expect(url.username + url.password).toBe('')
      }),
      { numRuns: 500 },
    )
  })
})
