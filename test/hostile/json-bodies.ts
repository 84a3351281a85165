import { httpRequest, type HostileRequest } from './hostile-request.js'
import { jsonType, type Target } from './carriers.js'
import type { Draw } from './draw.js'

/** JSON that is none, is too much of it, or says what nobody should take at its word. */
export function hostileJson(draw: Draw, target: Target): HostileRequest {
  const [method, path] = jsonOperation(draw, target)
  const [what, body] = draw.pick(bodies(draw, target))
  const headers = draw.next() < 0.9 ? jsonType : draw.pick(oddTypes)
  return httpRequest(`${method} with ${what}`, { method, path, key: target.key, headers, body })
}

function jsonOperation(draw: Draw, { collection, items }: Target): readonly [string, string] {
  const base = `/v1/collections/${collection}`
  return draw.pick([
    ['POST', `${base}/search`],
    ['POST', `${base}/search/batch`],
    ['PUT', `${base}/items/json-${draw.below(20)}`],
    ['PATCH', `${base}/items/${draw.pick(items)}`],
    ['POST', `${base}/items/delete`],
    ['PUT', `/v1/collections/made-${draw.below(5)}`],
    ['PUT', '/v1/aliases/made-alias'],
    ['POST', `${base}/duplicates`],
    ['POST', `${base}/restore`],
    ['POST', `${base}/reindex`],
    ['POST', `${base}/imports`],
    ['POST', `${base}/snapshots`],
    ['POST', '/v1/embed'],
  ])
}

const oddTypes = [
  [['Content-Type', 'application/json; charset=utf-7']],
  [['Content-Type', 'application/json; charset=utf-16']],
  [['Content-Type', 'APPLICATION/JSON;;;']],
  [['Content-Type', 'application/jsonx']],
  [['Content-Type', 'text/plain']],
  [['Content-Type', '']],
  [
    ['Content-Type', 'application/json'],
    ['Content-Encoding', 'gzip'],
  ],
  [
    ['Content-Type', 'application/json'],
    ['Content-Encoding', 'br, gzip, deflate'],
  ],
  [['Content-Type', 'application/merge-patch+json']],
] as const

function bodies(draw: Draw, { items }: Target): (readonly [string, Buffer | string])[] {
  const item = draw.pick(items)
  const deep = draw.pick([100, 5000, 100_000])
  const value = oddValue(draw)
  return [
    ['nothing but a space', ' '],
    ['a word', 'null'],
    ['half an object', '{"itemId":'],
    ['two objects', '{}{}'],
    ['a comment', '{/* */}'],
    ['NaN', '{"embedding":[NaN,Infinity],"k":NaN}'],
    ['a number beyond all', '{"embedding":[1e999,1],"k":1e400}'],
    ['a number of many digits', `{"k":${'9'.repeat(10_000)}}`],
    ['a negative zero', '{"itemId":"x","k":-0}'],
    ['broken UTF-8', Buffer.from('{"itemId":"\xff\xfe\xc0\x80"}', 'latin1')],
    ['half a surrogate pair', '{"itemId":"\\ud800","group":"\\udc00","metadata":{"\\ud800":"\\ud800"}}'],
    ['a byte order mark', '\uFEFF{}'],
    ['a null character', '{"itemId":"\\u0000","metadata":{"a\\u0000b":"\\u0000"}}'],
    [`${deep} arrays`, `{"embedding":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    [`${deep} objects`, `{"filter":${'{"not":'.repeat(deep)}{}${'}'.repeat(deep)},"itemId":"${item}"}`],
    ['a polluted prototype', `{"__proto__":{"k":1,"polluted":true},"itemId":"${item}"}`],
    ['a polluted constructor', `{"constructor":{"prototype":{"polluted":true}},"itemId":"${item}"}`],
    ['polluted metadata', '{"embedding":[1],"metadata":{"__proto__":"x","constructor":"y","toString":1}}'],
    ['a polluted filter', `{"itemId":"${item}","filter":{"__proto__":{"eq":1},"hasOwnProperty":{"eq":1}}}`],
    ['an operator of Object', `{"itemId":"${item}","filter":{"colour":{"constructor":1}}}`],
    ['the same key twice', '{"itemId":"a","itemId":"b","k":1,"k":"2"}'],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['many values', `{"embedding":[${'0.5,'.repeat(8191)}0.5]}`],
    ['many ids', `{"ids":[${Array.from({ length: 10_001 }, () => '"x"').join(',')}]}`],
    ['many queries', `{"queries":[${'{},'.repeat(150)}{}]}`],
    [
      'queries that are none',
      `{"queries":[null,1,"x",[],{"itemId":{}},{"base64":"AAAA"},{"itemId":"${item}"}]}`,
    ],
    ['many examples', `{"positive":[${`{"itemId":"${item}"},`.repeat(50)}{"embedding":[]}]}`],
    ['a filter of many operands', `{"itemId":"${item}","filter":{"a":{"in":[${'1,'.repeat(9000)}1]}}}`],
    ['a filter of SQL', `{"itemId":"${item}","filter":{"a' OR 1=1 --":{"eq":"'; DROP TABLE items; --"}}}`],
    ['a cursor of noise', `{"itemId":"${item}","cursor":"${draw.bytes(60).toString('base64url')}"}`],
    ['an outer URL', '{"url":"http://169.254.169.254/latest/meta-data"}'],
    ['a file URL', '{"url":"file:///etc/passwd"}'],
    ['a path out of the roots', '{"path":"/etc/passwd"}'],
    ['a path of null characters', '{"path":"/tmp/\\u0000/../etc"}'],
    ['base64 that is none', '{"base64":"====","metadata":null}'],
    ['noise', draw.bytes(200)],
    [`${value} for k`, `{"itemId":"${item}","k":${value}}`],
    [`${value} for metadata`, `{"embedding":[1],"metadata":${value}}`],
    [`${value} for a field`, `{"metadata":{"field":${value}},"group":${value}}`],
    [`${value} for the whole`, value],
    [`${value} for a filter`, `{"itemId":"${item}","filter":${value}}`],
    [`${value} for an option`, `{"itemId":"${item}","${draw.pick(options)}":${value}}`],
    [`${value} for dimensions`, `{"dimensions":${value},"model":${value}}`],
    [
      `${value} for a threshold`,
      `{"threshold":${value},"snapshot":${value},"model":${value},"name":${value}}`,
    ],
  ]
}

const options = [
  'ef',
  'exact',
  'groupBy',
  'groupSize',
  'minScore',
  'collapse',
  'rerank',
  'diversity',
  'candidates',
  'crop',
  'include',
]

const oddValue = (draw: Draw): string =>
  draw.pick([
    'null',
    'true',
    '-1',
    '0',
    '1e308',
    '5e-324',
    '""',
    '"__proto__"',
    '[]',
    '[[]]',
    '{}',
    '{"a":{"b":{}}}',
    '"\\u202e"',
    '[null]',
    '2147483648',
    '1.5',
    '"../.."',
    '[0,0,0,0]',
  ])
