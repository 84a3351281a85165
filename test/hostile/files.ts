import { gzipSync } from 'node:zlib'
import { lastBoundary, multipartType, part, type Target } from './carriers.js'
import type { Draw } from './draw.js'
import { httpRequest, type Headers, type HostileRequest } from './hostile-request.js'
import { flipBits } from './pictures/damage.js'

/** Files that imports and snapshots are made from, as they came from a server and from a packer. */
export interface SoundFiles {
  readonly snapshot: Buffer
  readonly tar: Buffer
}

/** A catalogue or a snapshot that is damaged, or was never one. */
export function hostileFile(draw: Draw, { key, collection }: Target, files: SoundFiles): HostileRequest {
  const base = `/v1/collections/${collection}`
  if (draw.next() < 0.4) {
    const [what, body] = damaged(draw, 'a snapshot', files.snapshot)
    const tar: Headers = [['Content-Type', draw.pick(['application/x-tar', 'application/octet-stream'])]]
    return httpRequest(what, {
      method: 'PUT',
      path: `${base}/snapshots/s${draw.below(20)}`,
      key,
      headers: tar,
      body,
    })
  }
  const [what, name, content] = draw.pick(catalogues(draw, files))
  const options = draw.next() < 0.3 ? [part('dryRun', 'true')] : []
  const body = Buffer.concat([part('file', content, name), ...options, lastBoundary])
  return httpRequest(`an import of ${what}`, {
    method: 'POST',
    path: `${base}/imports`,
    key,
    headers: multipartType,
    body,
  })
}

function damaged(draw: Draw, what: string, bytes: Buffer): readonly [string, Buffer] {
  const percent = draw.below(100)
  return draw.pick([
    () =>
      [`${what} cut at ${percent} %`, bytes.subarray(0, Math.floor((bytes.length * percent) / 100))] as const,
    () => {
      const flipped = flipBits(draw, { what, bytes })
      return [flipped.what, flipped.bytes] as const
    },
    () => [`${what} twice over`, Buffer.concat([bytes, bytes])] as const,
    () => [`noise for ${what}`, draw.bytes(2000)] as const,
  ])()
}

function catalogues(
  draw: Draw,
  { tar, snapshot }: SoundFiles,
): (readonly [string, string, Buffer | string])[] {
  const [what, archive] = damaged(draw, 'a tar', tar)
  const jsonl = '{"id":"a","embedding":[1]}\n'
  return [
    [what, 'c.tar', archive],
    [`${what}, gzipped`, 'c.tar.gz', gzipSync(archive)],
    ['a gzip that is cut', 'c.tgz', gzipSync(tar).subarray(0, draw.below(200))],
    ['a gzip bomb', 'c.tar.gz', gzipSync(Buffer.alloc(16 * 1024 * 1024))],
    ['a tar named zip', 'c.zip', tar],
    ['a snapshot', 'c.tar', snapshot],
    ['a zip that ends too soon', 'c.zip', Buffer.from(`PK\x03\x04${'\0'.repeat(40)}`, 'latin1')],
    ['a zip whose directory lies', 'c.zip', Buffer.from(`PK\x05\x06${'\xff'.repeat(18)}`, 'latin1')],
    ['a CSV without an id', 'c.csv', 'name,image\na,b\n'],
    ['a CSV of open quotes', 'c.csv', `id,image\n"${'x\n'.repeat(5000)}`],
    ['a CSV of broken UTF-8', 'c.csv', Buffer.from('id,image\n\xff\xfe,x\n', 'latin1')],
    ['a CSV of null characters', 'c.csv', '\0'.repeat(5000)],
    ['a CSV of one line', 'c.csv', `id,${'c,'.repeat(50_000)}`],
    [
      'a CSV that leads out',
      'c.csv',
      'id,image\na,../../../../etc/passwd\nb,file:///etc/passwd\nc,/etc/passwd\n',
    ],
    [
      'a CSV of wrong pictures',
      'c.csv',
      `id,image\n${Array.from({ length: 50 }, (_, i) => `r${i},"data:image/png;base64,AAAA"`).join('\n')}\n`,
    ],
    [
      'JSONL of odd ids',
      'c.jsonl',
      [
        '{"id":".."}',
        '{"id":{}}',
        '{"id":"\\u0000"}',
        '[]',
        'null',
        '{',
        '{"__proto__":{"id":"x"}}',
        jsonl,
      ].join('\n'),
    ],
    ['JSONL of great depth', 'c.jsonl', `{"id":"a","x":${'['.repeat(50_000)}`],
    ['JSONL of wrong embeddings', 'c.jsonl', jsonl.repeat(100)],
    ['nothing', 'c.csv', ''],
    ['a matrix', 'c.npy', '\x93NUMPY'],
    ['a file without an end to its name', 'c', jsonl],
    ['a name that leads out', '../../c.csv', jsonl],
  ]
}
