import type { Target } from './carriers.js'
import type { Draw } from './draw.js'
import { httpRequest, type Headers, type HostileRequest } from './hostile-request.js'

/** Paths, queries and headers that are odd, of requests that are else in form. */
export function hostileHead(draw: Draw, target: Target): HostileRequest {
  const { key } = target
  const method = draw.pick([
    'GET',
    'GET',
    'GET',
    'HEAD',
    'DELETE',
    'PUT',
    'POST',
    'PATCH',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
  ])
  if (draw.next() < 0.6) {
    const path = oddPath(draw, target)
    // What it may name is not to be taken away from the others.
    const safe = method === 'DELETE' ? 'GET' : method
    return httpRequest(`${safe} of ${path.slice(0, 120)}`, { method: safe, path, key })
  }
  const headers = draw.pick(oddHeaders(draw, key))
  const path = draw.pick([
    '/health/ready',
    '/v1/collections',
    `/v1/collections/${target.collection}/items`,
    '/v1/models',
    '/docs/',
    '/metrics',
  ])
  const safe = method === 'HEAD' ? 'HEAD' : 'GET'
  const shown = headers.map(([name, value]) => `${name}: ${value}`).join(', ')
  return httpRequest(`${safe} with ${shown.slice(0, 120)}`, { method: safe, path, key, headers })
}

function oddPath(draw: Draw, { collection, items }: Target): string {
  const base = `/v1/collections/${collection}`
  const odd = draw.pick([
    '%',
    '%2',
    '%zz',
    '%00',
    '%2e%2e',
    '..',
    '.',
    '%2F',
    '%252F',
    '%c0%ae',
    '%ff',
    '%ed%a0%80',
    '%F0%9F',
    '%u0041',
    '+',
    '*',
    '~',
    '%0d%0aX: y',
    '%C2%85',
    'a'.repeat(513),
    '%E2%80%AE',
    "'%20OR%201=1",
    '$where',
    '__proto__',
    'constructor',
    'delete',
    'image',
    ';',
    ':id',
    '{id}',
    '%7Bid%7D',
  ])
  const cursor = draw.pick([
    draw.bytes(40).toString('base64url'),
    '0',
    'null',
    'WzEsIiIsIiJd',
    'x'.repeat(4097),
    '%00',
  ])
  const filter = draw.pick([
    '{',
    '[]',
    'null',
    '{"a":{"eq":NaN}}',
    '{"__proto__":{"eq":1}}',
    `${'{"not":'.repeat(40)}{}${'}'.repeat(40)}`,
    '{"a":{"in":[]}}',
    '"x"',
    '\u0000',
  ])
  return draw.pick([
    `${base}/items/${odd}`,
    `${base}/items/${odd}/image?size=${odd}`,
    `${base}/${odd}`,
    `/v1/collections/${odd}`,
    `/v1/collections/${odd}/items/${draw.pick(items)}`,
    `/v1/jobs/${odd}`,
    `/v1/jobs/${odd}/events`,
    `/v1/models/${odd}`,
    `/v1/aliases/${odd}`,
    `${base}/snapshots/${odd}`,
    `/docs/${odd}`,
    `/${odd}`,
    `//${odd}//v1///collections`,
    `/v1/collections/../../../../etc/passwd`,
    `http://example.com/${odd}`,
    `${base}/items?cursor=${cursor}`,
    `${base}/items?filter=${encodeURIComponent(filter)}`,
    `${base}/facets?field=${odd}&filter=${encodeURIComponent(filter)}`,
    `${base}/items?limit=${draw.pick(['-1', '0', '1e3', 'NaN', '1001', '99999999999999999999', '', 'a', '1&limit=2'])}`,
    `${base}/items?limit[]=1&limit[a]=2&__proto__[x]=1`,
    `${base}/items?${Array.from({ length: 500 }, (_, i) => `q${i}=1`).join('&')}`,
    `/v1/jobs?cursor=${cursor}`,
    `/v1/collections?cursor=${cursor}&cursor=${cursor}`,
    `/v1/jobs?limit=${odd}`,
    `${base}/items/${draw.pick(items)}/image?size=${draw.pick(['original', 'thumbnail', 'huge', '', '1'])}`,
    '/docs/../v1/collections',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/?%',
    '/health/ready?x=%',
  ])
}

function oddHeaders(draw: Draw, key: string): Headers[] {
  return [
    [['Authorization', '']],
    [['Authorization', 'Bearer']],
    [['Authorization', `bearer  ${key}`]],
    [['Authorization', `Bearer ${key}x`]],
    [['Authorization', `Basic ${Buffer.from(`${key}:`).toString('base64')}`]],
    [['Authorization', `Bearer ${'x'.repeat(5000)}`]],
    [['Authorization', `Bearer ${key}, Bearer ${key}`]],
    [['X-Request-Id', draw.pick(['x'.repeat(1000), '../..', '\t', '<script>', ''])]],
    [
      [
        'Accept',
        draw.pick([
          'image/*',
          '*',
          ';q=',
          'text/csv;q=2, */*;q=-1',
          'x'.repeat(5000),
          'application/json;'.repeat(500),
        ]),
      ],
    ],
    [['Accept-Encoding', draw.pick(['gzip;q=x', 'br, , ,', '*;q=0', 'x'.repeat(3000)])]],
    [['If-None-Match', draw.pick(['*', '"', 'W/', '"a", "b', 'x'.repeat(5000), '"a",'.repeat(2000)])]],
    [['If-Modified-Since', draw.pick(['never', '0', 'Thu, 99 Foo 2026 99:99:99 GMT'])]],
    [
      [
        'Range',
        draw.pick(['bytes=', 'bytes=0-0,-1', 'bytes=9-1', `bytes=${'0-0,'.repeat(2000)}`, 'items=1-2']),
      ],
    ],
    [['Host', draw.pick(['', 'localhost:99999', 'example.com', '[::1', 'a b', '127.0.0.1, localhost'])]],
    [['Origin', draw.pick(['null', 'https://evil.example', 'file://', 'x', ''])]],
    [
      [
        'X-Forwarded-For',
        draw.pick(['127.0.0.1', 'x, y, z', '::ffff:1.2.3.4', '999.1.1.1', ','.repeat(3000)]),
      ],
    ],
    [['X-HTTP-Method-Override', 'DELETE']],
    [['Expect', draw.pick(['100-continue', '200-ok', ''])]],
    [
      ['Upgrade', draw.pick(['websocket', 'h2c', 'TLS/1.3'])],
      ['Connection', 'Upgrade, close'],
    ],
    [['Cookie', 'a=b;'.repeat(2000)]],
    [['Transfer-Encoding', draw.pick(['identity', 'gzip, chunked', 'chunked, chunked', 'xchunked'])]],
    [['Content-Length', draw.pick(['0', '00', '-0'])]],
    [['Content-Type', 'x'.repeat(5000)]],
    [
      ['Access-Control-Request-Method', 'DELETE'],
      ['Origin', 'https://evil.example'],
    ],
    [
      ['Accept-Language', '*'.repeat(4000)],
      ['Referer', 'javascript:alert(1)'],
    ],
    Array.from({ length: 300 }, (_, i): [string, string] => [`X-${i}`, 'y']),
    [['X', 'y'.repeat(40_000)]],
  ]
}
