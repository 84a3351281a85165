import { lastBoundary, multipartType, part, type Target } from './carriers.js'
import type { Draw } from './draw.js'
import { httpRequest, type Headers, type HostileRequest } from './hostile-request.js'

/** Multipart bodies that are broken, or have too much of everything. */
export function hostileMultipart(draw: Draw, target: Target, picture: Buffer): HostileRequest {
  const base = `/v1/collections/${target.collection}`
  const [method, path] = draw.pick([
    ['POST', `${base}/search`],
    ['PUT', `${base}/items/form-${draw.below(20)}`],
    ['POST', '/v1/embed'],
    ['POST', `${base}/imports`],
  ] as const)
  const [what, body, headers = multipartType] = draw.pick(bodies(draw, picture))
  return httpRequest(`${method} with ${what}`, { method, path, key: target.key, headers, body })
}

type Body = readonly [string, Buffer | string, Headers?]

const withBoundary = (boundary: string): Headers => [
  ['Content-Type', `multipart/form-data; boundary=${boundary}`],
]

function bodies(draw: Draw, picture: Buffer): Body[] {
  const image = part('image', picture, 'x.jpg')
  const whole = Buffer.concat([image, lastBoundary])
  const fields = (count: number): Buffer =>
    Buffer.concat(Array.from({ length: count }, (_, i) => part(`f${i}`, 'x')))
  return [
    ['no last boundary', image],
    ['half a body', whole.subarray(0, draw.below(whole.length))],
    ['no boundary in its type', whole, [['Content-Type', 'multipart/form-data']]],
    ['an empty boundary', whole, withBoundary('')],
    ['another boundary', whole, withBoundary('other')],
    ['a boundary in quotes that are open', whole, withBoundary('"kindred-hostile')],
    ['a boundary of 10,000 characters', whole, withBoundary('b'.repeat(10_000))],
    ['another kind of multipart', whole, [['Content-Type', 'multipart/mixed; boundary=kindred-hostile']]],
    ['nothing but the last boundary', lastBoundary],
    ['a thousand boundaries', '--kindred-hostile\r\n'.repeat(1000)],
    [
      'a part without a name',
      Buffer.concat([Buffer.from('--kindred-hostile\r\nContent-Disposition: form-data\r\n\r\nx\r\n'), whole]),
    ],
    ['a part without a head', Buffer.concat([Buffer.from('--kindred-hostile\r\n\r\nx\r\n'), whole])],
    [
      'a part with a head of 1 MiB',
      Buffer.concat([Buffer.from(`--kindred-hostile\r\nX: ${'x'.repeat(1024 * 1024)}\r\n\r\nx\r\n`), whole]),
    ],
    [
      'a part in base64',
      Buffer.concat([
        Buffer.from(
          `--kindred-hostile\r\nContent-Disposition: form-data; name="image"; filename="x"\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture.toString('base64')}\r\n`,
        ),
        lastBoundary,
      ]),
    ],
    ['many fields', Buffer.concat([fields(2000), whole])],
    ['many files', Buffer.concat([...Array.from({ length: 50 }, () => image), lastBoundary])],
    ['a file in the wrong place', Buffer.concat([part('metadata', picture, 'x.jpg'), whole])],
    ['text for the file', Buffer.concat([part('image', 'text'), part('file', 'text'), lastBoundary])],
    ['a long name', Buffer.concat([part('n'.repeat(100_000), 'x'), whole])],
    ['a large field', Buffer.concat([part('metadata', 'x'.repeat(1_100_000)), whole])],
    [
      'a polluted prototype',
      Buffer.concat([
        part('__proto__', '{"polluted":true}'),
        part('__proto__[polluted]', '1'),
        part('constructor[prototype][polluted]', '1'),
        whole,
      ]),
    ],
    ['nested names', Buffer.concat([part(`k${'[a]'.repeat(500)}`, '1'), part('k[]', '1'), whole])],
    [
      'options twice',
      Buffer.concat([part('k', '1'), part('k', '2'), part('group', 'a'), part('group', 'b'), whole]),
    ],
    [
      'options that are no JSON',
      Buffer.concat([
        part('k', '{'),
        part('crop', 'NaN'),
        part('filter', '[[[['),
        part('metadata', '"'),
        whole,
      ]),
    ],
    [
      'options beyond all',
      Buffer.concat([
        part('k', '1e999'),
        part('ef', '-1'),
        part('crop', '[1,1,0,0]'),
        part('include', '["x"]'),
        whole,
      ]),
    ],
    ['broken UTF-8', Buffer.concat([part('group', Buffer.from([0xff, 0xfe, 0xc0])), whole])],
    ['a file after the last boundary', Buffer.concat([whole, image])],
    ['noise', draw.bytes(500)],
  ]
}
