import type { Detected, Foreign } from './image-kind.js'

const avif = ['avif']
const hevc = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']
const heif = [
  'mif1',
  'mif2',
  'msf1',
  'miaf',
  'MiHB',
  'MiHE',
  'MiPr',
  'jpeg',
  'jpgs',
  'avci',
  'avcs',
  'j2ki',
  'j2is',
  'vvic',
]

const heic: Foreign = {
  foreign: 'a HEIC picture',
  reason:
    'it holds HEVC, and because of its patents the image library that kindred uses comes without the decoder',
  advice: 'On an iPhone, Settings > Camera > Formats > Most Compatible makes it take JPEG.',
}

/**
 * AVIF, HEIC, MP4 and their relatives all begin with an `ftyp` box that lists brands (ISO/IEC 14496-12); the major
 * brand decides, and where it only says "some HEIF" (mif1), the compatible ones do.
 *
 * @returns null when there is no such box
 */
export function detectIsoMedia(bytes: Uint8Array): Detected | null {
  const brands = readBrands(bytes)
  const [major] = brands
  if (major === undefined) return null
  if (avif.includes(major)) return { kind: 'avif' }
  if (major === 'avis') {
    return {
      foreign: 'an animated AVIF sequence',
      advice: 'Send one frame of it, or an animated WebP or GIF',
    }
  }
  if (hevc.includes(major)) return heic
  if (heif.includes(major)) {
    if (brands.some((brand) => avif.includes(brand))) return { kind: 'avif' }
    if (brands.some((brand) => hevc.includes(brand))) return heic
    return { foreign: 'a HEIF picture that is not AVIF' }
  }
  if (major === 'crx ') return { foreign: 'a camera raw file (Canon CR3)' }
  if (major === 'qt  ') return { foreign: 'a QuickTime video' }
  if (major.startsWith('M4A')) return { foreign: 'an MPEG-4 sound' }
  return { foreign: 'an MP4 video or a relative of it' }
}

/** Major brand, then the compatible ones; none when the file does not begin with an `ftyp` box. */
function readBrands(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer.length < 12 || buffer.toString('latin1', 4, 8) !== 'ftyp') return []
  const end = Math.min(buffer.readUInt32BE(0), buffer.length, 256)
  const brands = [buffer.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(buffer.toString('latin1', at, at + 4))
  return brands
}
