import { jsonType, lastBoundary, multipartType, part, type Target } from './carriers.js'
import type { Draw } from './draw.js'
import type { Headers, HostileRequest, Sent } from './hostile-request.js'

/** What is no request, or more than one, or never ends. */
export function hostileConnection(draw: Draw, { key, collection }: Target, picture: Buffer): HostileRequest {
  const own = `Host: localhost\r\nAuthorization: Bearer ${key}\r\n`
  const good = `GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const last = `GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  const post = (headers: string, body: string): string =>
    `POST /v1/collections/${collection}/search HTTP/1.1\r\n${own}Content-Type: application/json\r\n${headers}\r\n\r\n${body}`
  const [what, sent, then = 'end'] = draw.pick<readonly [string, string | Buffer, HostileRequest['then']?]>([
    ['noise', draw.bytes(1 + draw.below(2000))],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n'],
    ['HTTP/1.0', 'GET /health/live HTTP/1.0\r\n\r\n'],
    ['HTTP/9.9', `GET / HTTP/9.9\r\n${own}\r\n`],
    ['a request in small letters', 'get /health/live http/1.1\r\nhost: localhost\r\n\r\n'],
    ['a method of 10,000 letters', `${'A'.repeat(10_000)} / HTTP/1.1\r\n${own}\r\n`],
    ['CONNECT', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n'],
    ['line ends of one byte', 'GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n'],
    ['a header that goes on', `GET /health/live HTTP/1.1\r\n${own}X: a\r\n b\r\nConnection: close\r\n\r\n`],
    [
      'a null character in a header',
      `GET /health/live HTTP/1.1\r\n${own}X: a\0b\r\nConnection: close\r\n\r\n`,
    ],
    [
      'bytes beyond ASCII in a header',
      Buffer.from(`GET /health/live HTTP/1.1\r\n${own}X: \xff\xfe\r\nConnection: close\r\n\r\n`, 'latin1'),
    ],
    [
      'bytes beyond ASCII in the path',
      Buffer.from(`GET /v1/models/\xff\xfe HTTP/1.1\r\n${own}Connection: close\r\n\r\n`, 'latin1'),
    ],
    ['two hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`],
    ['no host', 'GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 20', '{}')],
    [
      'a length beside chunks',
      post('Content-Length: 2\r\nTransfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'),
    ],
    ['a negative length', post('Content-Length: -1', '{}')],
    ['a length of 10^30', post(`Content-Length: 1${'0'.repeat(30)}`, '{}')],
    ['a length that is no number', post('Content-Length: 2x', '{}')],
    ['more than the length', `${post('Content-Length: 2', '{}')}GARBAGE / / /\r\n\r\n`],
    ['chunks of no size', post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n')],
    ['a chunk of 2^63 bytes', post('Transfer-Encoding: chunked', '8000000000000000\r\n{}')],
    ['a chunk shorter than it says', post('Transfer-Encoding: chunked', 'ff\r\n{}\r\n0\r\n\r\n')],
    ['chunks without an end', post('Transfer-Encoding: chunked', '2\r\n{}\r\n')],
    [
      'many chunks of one byte',
      post(
        'Transfer-Encoding: chunked\r\nConnection: close',
        `${'1\r\n \r\n'.repeat(3000)}2\r\n{}\r\n0\r\n\r\n`,
      ),
    ],
    [
      'trailers',
      post(
        'Transfer-Encoding: chunked\r\nConnection: close',
        `2\r\n{}\r\n0\r\n${'X: y\r\n'.repeat(500)}\r\n`,
      ),
    ],
    ['a request smuggled in a body', post('Content-Length: 4\r\nTransfer-Encoding: x', `{} \n${last}`)],
    ['many requests at once', `${good.repeat(30)}${last}`],
    ['garbage between requests', `${good}${good}\r\n\r\nGARBAGE\r\n\r\n${good}`],
    ['a pipeline that nobody reads', good.repeat(200), 'reset'],
    ['half a head', `GET /v1/collections HTTP/1.1\r\nHost: loc`],
    ['nothing', ''],
  ])
  if (draw.next() < 0.8) return { what: `a connection with ${what}`, sent: [sent], then }
  return cutOff(draw, { key, collection, picture })
}

/** An upload that its client gives up in the middle: with a reset, or an end, or without a word. */
export function cutOff(
  draw: Draw,
  {
    key,
    collection,
    picture,
  }: { readonly key: string; readonly collection: string; readonly picture: Buffer },
): HostileRequest {
  const [what, head, body] = upload(draw, { key, collection, picture })
  const at = draw.below(body.length)
  const then = draw.pick(['end', 'leave', 'reset'] as const)
  const sent: Sent[] = [
    head,
    body.subarray(0, at),
    ...(draw.next() < 0.3 ? [{ pauseMs: draw.below(50) }] : []),
  ]
  return { what: `${what}, given up after ${at} bytes (${then})`, sent, then }
}

/** An upload whose body trickles in, longer than the server waits, or stops. */
export function trickle(
  draw: Draw,
  parts: { readonly key: string; readonly collection: string; readonly picture: Buffer },
  { pieces, pauseMs }: { readonly pieces: number; readonly pauseMs: number },
): HostileRequest {
  const [what, head, body] = upload(draw, parts)
  const size = Math.max(1, Math.floor(body.length / (pieces + 1)))
  const sent = Array.from({ length: pieces }, (_, i) => [
    body.subarray(i * size, (i + 1) * size),
    { pauseMs },
  ]).flat()
  const then = draw.pick(['wait', 'leave', 'reset'] as const)
  return { what: `${what} that trickles in (${then})`, sent: [head, ...sent], then }
}

/** Any request with a body of some length: its name, its head, its body. */
function upload(
  draw: Draw,
  {
    key,
    collection,
    picture,
  }: { readonly key: string; readonly collection: string; readonly picture: Buffer },
): readonly [string, string, Buffer] {
  const base = `/v1/collections/${collection}`
  const form = Buffer.concat([part('image', picture, 'x.jpg'), part('k', '1'), lastBoundary])
  const catalogue = Buffer.concat([part('file', `id,image\n${'x'.repeat(200_000)}`, 'c.csv'), lastBoundary])
  const snapshot = Buffer.concat([Buffer.from('kindred.json'), Buffer.alloc(300_000)])
  const tar: Headers = [['Content-Type', 'application/x-tar']]
  const [what, line, headers, body] = draw.pick<readonly [string, string, Headers, Buffer]>([
    ['a search', `POST ${base}/search`, multipartType, form],
    ['an embedding', 'POST /v1/embed', multipartType, form],
    ['an item', `PUT ${base}/items/cut`, multipartType, form],
    ['an import', `POST ${base}/imports`, multipartType, catalogue],
    ['a snapshot', `PUT ${base}/snapshots/cut`, tar, snapshot],
    [
      'a search in JSON',
      `POST ${base}/search`,
      jsonType,
      Buffer.from(JSON.stringify({ base64: picture.toString('base64') })),
    ],
  ])
  const chunked = draw.next() < 0.3
  const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  const given = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const head = `${line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n${given}${length}\r\n\r\n`
  const size = Buffer.from(`${body.length.toString(16)}\r\n`)
  return [what, head, chunked ? Buffer.concat([size, body, Buffer.from('\r\n0\r\n\r\n')]) : body]
}
