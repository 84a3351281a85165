import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { detectKind } from '../../src/images/detect-kind.js'
import { encode, kinds, solid } from './pictures.js'

const latin = (text: string) => Buffer.from(text, 'latin1')
const ftyp = (...brands: string[]) => {
  const [major = '', ...compatible] = brands
  const box = latin(`\0\0\0\0ftyp${major}\0\0\0\0${compatible.join('')}`)
  box.writeUInt32BE(box.length, 0)
  return Buffer.concat([box, latin('\0\0\0\x08meta')])
}
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'

describe('the first bytes decide what a file is', () => {
  it('every kind that is decoded, and none of its metadata is asked', async () => {
    for (const kind of kinds) expect(detectKind(await encode(solid([1, 2, 3]), kind))).toEqual({ kind })
    expect(detectKind(latin('MM\0*\0\0\0\x08'))).toEqual({ kind: 'tiff' })
    expect(detectKind(latin('II+\0\x08\0\0\0'))).toEqual({ kind: 'tiff' })
  })

  it.each([
    ['plain', svg],
    ['white space', `\n\n   ${svg}`],
    ['a byte order mark', `\ufeff${svg}`],
    ['an XML declaration', `<?xml version="1.0" encoding="UTF-8"?>\n${svg}`],
    ['a comment', `<!-- drawn <b>by hand</b> -->${svg}`],
    ['a document type', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">${svg}`],
    ['a document type with entities', `<!DOCTYPE svg [<!ENTITY a "b>">]>${svg}`],
    ['a namespace prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>'],
    ['capitals', '<SVG width="1">'],
  ])('SVG behind %s', (_, text) => {
    expect(detectKind(Buffer.from(text))).toEqual({ kind: 'svg' })
  })

  it('SVG in UTF-16', () => {
    expect(detectKind(Buffer.from(`\ufeff${svg}`, 'utf16le'))).toEqual({ kind: 'svg' })
  })

  it.each([
    ['SVGZ', gzipSync(svg)],
    ['gzip', gzipSync('nothing in particular')],
    ['HTML', latin('<!DOCTYPE html><html><body><svg></svg></body></html>')],
    ['HTML', latin('  <html lang="en"><img src="a.png">')],
    ['XML', latin('<?xml version="1.0"?><rss/>')],
    ['JSON', latin('{"error": "not found"}')],
    ['data URI', latin('data:image/png;base64,iVBORw0KGgo=')],
    ['text', latin('\u00c3\u00a9t\u00c3\u00a9: not a picture')],
    ['PDF', latin('%PDF-1.7\n')],
    ['zip', latin('PK\x03\x04\x14\0')],
    ['RAR', latin('Rar!\x1a\x07\x01\0')],
    ['7z', latin('7z\xbc\xaf\x27\x1c')],
    ['BMP', latin(`BM${'\0'.repeat(12)}\x28\0\0\0`)],
    ['ICO', latin('\0\0\x01\0\x01\0\x10\x10')],
    ['CUR', latin('\0\0\x02\0\x01\0\x10\x10')],
    ['Photoshop', latin('8BPS\0\x01')],
    ['JPEG XL', latin('\xff\x0a\xfa\x7f')],
    ['JPEG XL', latin('\0\0\0\x0cJXL \r\n\x87\n')],
    ['JPEG 2000', latin('\0\0\0\x0cjP  \r\n\x87\n')],
    ['PNM', latin('P6\n2 2\n255\n')],
    ['CR2', latin('II*\0\x10\0\0\0CR\x02\0')],
    ['CR3', ftyp('crx ', 'isom')],
    ['WebM', latin('\x1a\x45\xdf\xa3\x01')],
    ['AVI', latin('RIFF\0\0\0\0AVI LIST')],
    ['WAV', latin('RIFF\0\0\0\0WAVEfmt ')],
    ['MP4', ftyp('isom', 'mp41')],
    ['QuickTime', ftyp('qt  ')],
    ['MP3', latin('ID3\x04')],
    ['Ogg', latin('OggS\0')],
    ['program', latin('\x7fELF\x02')],
    ['SQLite', latin('SQLite format 3\0')],
    ['animated AVIF', ftyp('avis', 'avif', 'mif1')],
  ])('names what it does not decode: %s', (name, bytes) => {
    const found = detectKind(bytes)
    if ('kind' in found) throw new Error(`taken for ${found.kind}`)
    expect(found.foreign?.toLowerCase()).toContain(name.toLowerCase())
  })

  it.each(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'])(
    'HEIC by its brand %s',
    (brand) => {
      for (const bytes of [ftyp(brand, 'mif1'), ftyp('mif1', 'miaf', brand), ftyp('msf1', brand)]) {
        expect(detectKind(bytes)).toMatchObject({ foreign: 'a HEIC picture' })
      }
    },
  )

  it('AVIF by its brand, also where the major one is only mif1', () => {
    expect(detectKind(ftyp('avif', 'mif1', 'miaf'))).toEqual({ kind: 'avif' })
    expect(detectKind(ftyp('mif1', 'avif', 'miaf'))).toEqual({ kind: 'avif' })
    expect(detectKind(ftyp('mif1', 'vvic'))).toMatchObject({ foreign: 'a HEIF picture that is not AVIF' })
  })

  it('says so when it does not know', () => {
    for (const bytes of [Buffer.of(), Buffer.alloc(100), Buffer.of(0xff), Buffer.of(3, 1, 4, 1, 5, 0)]) {
      expect(detectKind(bytes)).toEqual({ foreign: null })
    }
  })

  it('a gzip bomb costs nothing', () => {
    const bomb = Buffer.concat([gzipSync(Buffer.alloc(1_000_000)), Buffer.alloc(10_000_000)])
    const started = performance.now()
    expect(detectKind(bomb)).toMatchObject({ foreign: 'a gzip archive' })
    expect(performance.now() - started).toBeLessThan(200)
  })
})
