import type { Detected, ImageKind } from './image-kind.js'
import { detectMarkup } from './detect-markup.js'
import { detectIsoMedia } from './detect-iso-media.js'

const decoded: readonly (readonly [RegExp, ImageKind])[] = [
  [/^\xff\xd8\xff/, 'jpeg'],
  [/^\x89PNG\r\n\x1a\n/, 'png'],
  [/^RIFF.{4}WEBP/s, 'webp'],
  [/^GIF8[79]a/, 'gif'],
  [/^(II[*+]\0|MM\0[*+])/, 'tiff'],
]

const foreign: readonly (readonly [RegExp, string])[] = [
  [/^II\*\0.{4}CR/s, 'a camera raw file (Canon CR2)'],
  [/^(IIRO|IIRS|MMOR|IIU\0|FUJIFILMCCD-RAW)/, 'a camera raw file'],
  [/^(\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a)/, 'a JPEG XL picture'],
  [/^(\0\0\0\x0cjP {2}\r\n\x87\n|\xff\x4f\xff\x51)/, 'a JPEG 2000 picture'],
  [/^BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/s, 'a BMP picture'],
  [/^\0\0\x01\0[^\0]\0/, 'an ICO icon'],
  [/^\0\0\x02\0[^\0]\0/, 'a CUR cursor'],
  [/^8BPS/, 'a Photoshop document'],
  [/^P[1-7f][\s#]/i, 'a PNM picture'],
  [/^(v\/1\x01)/, 'an OpenEXR picture'],
  [/^#\?(RADIANCE|RGBE)/, 'a Radiance HDR picture'],
  [/^SIMPLE {2}=/, 'a FITS picture'],
  [/^DDS /, 'a DirectDraw texture'],
  [/^\xabKTX /, 'a KTX texture'],
  [/^qoif/, 'a QOI picture'],
  [/^(\xb6\xa6\xf2\x08|\x08\xf2\xa6\xb6)/, 'a libvips picture'],
  [/^\s{0,64}%PDF-/, 'a PDF document'],
  [/^(%!PS|\xc5\xd0\xd3\xc6)/, 'a PostScript document'],
  [/^\xd0\xcf\x11\xe0/, 'an old Office document'],
  [/^PK(\x03\x04|\x05\x06|\x07\x08)/, 'a zip archive or an Office document'],
  [/^Rar!\x1a\x07/, 'a RAR archive'],
  [/^7z\xbc\xaf\x27\x1c/, 'a 7z archive'],
  [/^BZh[1-9]/, 'a bzip2 archive'],
  [/^\xfd7zXZ\0/, 'an xz archive'],
  [/^\x28\xb5\x2f\xfd/, 'a Zstandard archive'],
  [/^\x1a\x45\xdf\xa3/, 'a WebM or Matroska video'],
  [/^RIFF.{4}AVI /s, 'an AVI video'],
  [/^RIFF.{4}WAVE/s, 'a WAV sound'],
  [/^\0\0\x01[\xb3\xba]/, 'an MPEG video'],
  [/^FLV\x01/, 'a Flash video'],
  [/^(ID3|\xff[\xf2\xf3\xfb])/, 'an MP3 sound'],
  [/^OggS/, 'an Ogg sound or video'],
  [/^fLaC/, 'a FLAC sound'],
  [/^(\x7fELF|MZ)/, 'a program'],
  [/^\0asm/, 'a WebAssembly module'],
  [/^SQLite format 3\0/, 'an SQLite database'],
  [/^\x93NUMPY/, 'a NumPy array'],
]

/** What the first bytes say; names, extensions and media types that came with them are never asked. */
export function detectKind(bytes: Uint8Array): Detected {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 80)).toString('latin1')
  const other = foreign.find(([signature]) => signature.test(head))
  if (other) return { foreign: other[1] }
  const known = decoded.find(([signature]) => signature.test(head))
  if (known) return { kind: known[1] }
  return detectIsoMedia(bytes) ?? detectMarkup(bytes) ?? { foreign: null }
}
