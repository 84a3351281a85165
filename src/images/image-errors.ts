import { KindredError } from '../errors.js'
import type { Foreign, ImageKind } from './image-kind.js'

const names: Record<ImageKind, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  tiff: 'TIFF',
  avif: 'AVIF',
  svg: 'SVG',
}

const accepted = 'JPEG, PNG, WebP, GIF, TIFF or AVIF'

export function unsupportedImage({ foreign, reason, advice }: Foreign): KindredError {
  const because = reason === undefined ? '' : `: ${reason}`
  const what =
    foreign === null
      ? 'The file is of no known kind'
      : `The file is ${foreign}, which is not supported${because}`
  return new KindredError('IMAGE_UNSUPPORTED', `${what}; send ${accepted}`, {
    ...(advice !== undefined && { hint: advice }),
  })
}

export function refusedSvg(): KindredError {
  return new KindredError(
    'IMAGE_UNSUPPORTED',
    `The file is an SVG drawing, which is refused here; send ${accepted}`,
    {
      hint: 'Whoever trusts its SVG files can turn on the setting allowSvg.',
    },
  )
}

export function tooManyPixels(
  size: { width: number; height: number } | null,
  maxPixels: number,
): KindredError {
  const has =
    size === null ? 'too many pixels' : `${size.width} x ${size.height} = ${size.width * size.height} pixels`
  return new KindredError(
    'IMAGE_TOO_MANY_PIXELS',
    `The image has ${has}, and at most ${maxPixels} are accepted; make it smaller`,
    { hint: 'The setting maxImagePixels raises the limit.' },
  )
}

export function tooManyScans(scans: number, size: { width: number; height: number }): KindredError {
  return new KindredError(
    'IMAGE_TOO_MANY_PIXELS',
    `The JPEG image has ${scans} scans of ${size.width} x ${size.height} pixels, too much work; save it again, not progressive`,
    { hint: 'The setting maxImagePixels raises the limit.' },
  )
}

/** What sharp threw while it read or decoded a picture of this kind, as a typed error. */
export function toImageError(thrown: unknown, kind: ImageKind, maxPixels: number): KindredError {
  if (thrown instanceof KindredError) return thrown
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  if (said.includes('exceeds pixel limit')) return tooManyPixels(null, maxPixels)
  if (/exceeds? (channel|32767x32767 pixel) limit|unsupported (codec|feature|colou?r)/i.test(said)) {
    return new KindredError(
      'IMAGE_UNSUPPORTED',
      `The ${names[kind]} image uses a feature that is not supported (${shorten(said)}); save it as plain JPEG or PNG`,
      { cause: thrown },
    )
  }
  return new KindredError(
    'IMAGE_CORRUPT',
    `The ${names[kind]} image is damaged or cut short (${shorten(said)}); export or upload it again`,
    { cause: thrown },
  )
}

/** The telling line of a library's message, fit for a sentence: the last one, without its tries to seek. */
function shorten(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^Input buffer has corrupt header: /, '').trim())
  const line = lines.findLast((text) => text !== '' && !text.startsWith('source: bad seek')) ?? 'unreadable'
  const printable = line.replace(/[^\x20-\x7e]/g, '?')
  return printable.length > 100 ? `${printable.slice(0, 97)}...` : printable
}
