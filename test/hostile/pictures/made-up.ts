import { deflateSync, gzipSync } from 'node:zlib'
import { pngChunk, resizePngHeader, tagPng } from '../../images/pictures.js'
import { slowJpeg } from '../../images/decoding/slow-pictures.js'
import type { Picture } from './sound-pictures.js'

/** Pictures that nobody makes by accident; `sound` has one of every format. */
export function madeUpPictures(sound: readonly Picture[]): Picture[] {
  const of = (kind: string): Buffer => sound.find(({ what }) => what === kind)?.bytes ?? Buffer.alloc(0)
  const [jpeg, png, gif, webp, tiff] = [of('jpeg'), of('png'), of('gif'), of('webp'), of('tiff')]
  const made: readonly (readonly [string, Buffer | string])[] = [
    ['nothing', ''],
    ['one byte', '\xff'],
    ['zeros', Buffer.alloc(4096)],
    ['ones', Buffer.alloc(4096, 0xff)],
    ...claims(jpeg, png, gif, tiff),
    ['gzip of 32 MiB of nothing', gzipSync(Buffer.alloc(32 * 1024 * 1024))],
    ['a PNG with a profile of noise', tagPng(png, Buffer.from(deflateSync(png)))],
    ['a PNG with an empty profile', tagPng(png, Buffer.alloc(0))],
    ['a JPEG with a broken profile', withSegment(jpeg, 0xe2, Buffer.from('ICC_PROFILE\0\x01\x02short'))],
    ['a JPEG with EXIF that points at itself', withSegment(jpeg, 0xe1, exif(8, 0xffff))],
    ['a JPEG with an orientation of 99', withSegment(jpeg, 0xe1, exif(99, 1))],
    ['a JPEG with EXIF that is cut', withSegment(jpeg, 0xe1, exif(6, 1).subarray(0, 16))],
    [
      'a JPEG whose segment is longer than the file',
      Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0xff, 0xff]), jpeg.subarray(2)]),
    ],
    ...polyglots({ jpeg, png, gif, webp }),
    ...markup(),
    ['a TIFF whose directory is itself', loopedTiff()],
    ['a GIF without an end', Buffer.concat([gif.subarray(0, -1), Buffer.alloc(2000, 0x2c)])],
    [
      'a WebP that claims to be 4 GiB',
      Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xff', 'latin1'), webp.subarray(8)]),
    ],
    [
      'an AVIF whose boxes are of no length',
      Buffer.from('\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\0meta\0\0\0\0', 'latin1'),
    ],
  ]
  return made.map(([what, bytes]) => ({
    what,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
  }))
}

/** Heads that claim far more pixels than there are. */
function claims(jpeg: Buffer, png: Buffer, gif: Buffer, tiff: Buffer): (readonly [string, Buffer])[] {
  const sof = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const wideJpeg = Buffer.from(jpeg)
  wideJpeg.writeUInt32BE(0xffffffff, sof + 5)
  const flatJpeg = Buffer.from(jpeg)
  flatJpeg.writeUInt32BE(0, sof + 5)
  const wideGif = Buffer.from(gif)
  wideGif.writeUInt32LE(0xffffffff, 6)
  const wideTiff = Buffer.from(tiff)
  const width = wideTiff.indexOf(Buffer.from([0x00, 0x01]), 8)
  if (width > 0) wideTiff.writeUInt32LE(0x7fffffff, width + 8)
  return [
    ['a PNG that claims 2^31-1 squared', resizePngHeader(png, 0x7fffffff, 0x7fffffff)],
    ['a PNG that claims 0 by 0', resizePngHeader(png, 0, 0)],
    ['a PNG that claims 8000 by 8000', resizePngHeader(png, 8000, 8000)],
    ['a PNG that claims one line of 60 megapixels', resizePngHeader(png, 60_000_000, 1)],
    ['a JPEG that claims 65535 squared', wideJpeg],
    ['a JPEG that claims 0 by 0', flatJpeg],
    ['a GIF that claims 65535 squared', wideGif],
    ['a TIFF that claims 2^31-1', wideTiff],
  ]
}

/** Little that takes much to decode: a second or so each. */
export function costlyPictures(sound: readonly Picture[]): Picture[] {
  const png = sound.find(({ what }) => what === 'png')?.bytes ?? Buffer.alloc(0)
  return [
    // Just under the limit of pixels.
    { what: 'a PNG of 60 megapixels of nothing', bytes: emptyPng(7746, 7746) },
    { what: 'a PNG whose profile unpacks to 64 MiB', bytes: tagPng(png, Buffer.alloc(64 * 1024 * 1024)) },
    { what: 'a JPEG of very many scans', bytes: slowJpeg(1024) },
  ]
}

/** A grey PNG, all black, its rows unfiltered. */
function emptyPng(width: number, height: number): Buffer {
  const idat = deflateSync(Buffer.alloc(height * (width + 1)))
  const onePixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  )
  const resized = resizePngHeader(onePixel, width, height)
  // The chunk of its one pixel makes room: what stays is the head of 33 bytes, and the end of 12.
  return Buffer.concat([resized.subarray(0, 33), pngChunk('IDAT', idat), resized.subarray(-12)])
}

/** Files that are two things. */
function polyglots({
  jpeg,
  png,
  gif,
  webp,
}: Record<'jpeg' | 'png' | 'gif' | 'webp', Buffer>): (readonly [string, Buffer])[] {
  const zip = Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1')
  const page = Buffer.from('<html><script>alert(1)</script><?php system($_GET[0]); ?>')
  const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts)
  return [
    ['a JPEG that is a zip', join(jpeg, zip)],
    ['a GIF that is a page', join(gif, page)],
    ['a PNG that is a page', join(png, page)],
    ['a page that is a PNG', join(page, png)],
    ['a PDF with a JPEG in it', join(Buffer.from('%PDF-1.7\n'), jpeg)],
    ['a JPEG with PHP in its comment', withSegment(jpeg, 0xfe, page)],
    ['a script that begins like a GIF', Buffer.from('GIF89a/*.......*/=1;alert(1)//;')],
    ['a WebP after a BMP', join(Buffer.from('BM6\0\0\0'), webp)],
    ['two JPEGs', join(jpeg, jpeg)],
    ['a program', join(Buffer.from('\x7fELF'), jpeg)],
  ]
}

function markup(): (readonly [string, string | Buffer])[] {
  const svg = (inside: string, attributes = ''): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10"${attributes}>${inside}</svg>`
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  return [
    ['an SVG', svg('<rect width="5" height="5"/>')],
    ['an SVG with a script', svg('<script>alert(1)</script>', ' onload="alert(1)"')],
    ['an SVG that includes a file', svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>')],
    [
      'an SVG with an outer entity',
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('<text>&x;</text>')}`,
    ],
    [
      'an SVG with a billion laughs',
      `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>${svg('<text>&l9;</text>')}`,
    ],
    ['an SVG of a million elements', svg('<g/>'.repeat(100_000))],
    ['an SVG of great depth', svg('<g>'.repeat(50_000))],
    ['a gzipped SVG', gzipSync(svg('<rect width="5" height="5"/>'))],
  ]
}

/** After the first two bytes of a JPEG. */
function withSegment(jpeg: Buffer, marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)])
}

/** An EXIF segment that has one entry, the orientation, and whose next directory is the first one again. */
function exif(orientation: number, count: number): Buffer {
  const tiff = Buffer.alloc(26)
  tiff.write('II*\0', 0, 'latin1')
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt16LE(1, 8)
  tiff.writeUInt16LE(0x0112, 10)
  tiff.writeUInt16LE(3, 12)
  tiff.writeUInt32LE(count, 14)
  tiff.writeUInt16LE(orientation, 18)
  tiff.writeUInt32LE(8, 22)
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

function loopedTiff(): Buffer {
  const tiff = Buffer.alloc(14)
  tiff.write('II*\0', 0, 'latin1')
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt32LE(8, 10)
  return tiff
}
