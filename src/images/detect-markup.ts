import { constants, gunzipSync } from 'node:zlib'
import type { Detected } from './image-kind.js'

/** Enough for a byte order mark, an XML declaration, a comment and a document type before the root element. */
const looked = 4096

/** Text of every sort: SVG (also gzipped), HTML, XML, JSON, plain; null for binary data. */
export function detectMarkup(bytes: Uint8Array): Detected | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return detectGzip(bytes)
  const text = decodeStart(bytes)
  if (text === null) return null
  const root = skipProlog(text)
  if (/^<([a-z_][\w.-]{0,40}:)?svg[\s/>]/i.test(root)) return { kind: 'svg' }
  if (/^<(!doctype\s+html|html|head|body)\b/i.test(root)) {
    return {
      foreign: 'an HTML page',
      advice: 'Give the address or the bytes of the picture itself, not of the page that shows it.',
    }
  }
  if (/^<[?!a-z_]/i.test(root)) return { foreign: 'an XML document' }
  if (/^[[{]/.test(root)) return { foreign: 'a JSON document' }
  if (/^data:image\//i.test(root)) {
    return { foreign: 'a data URI', advice: 'Decode its base64 and send the bytes.' }
  }
  return { foreign: 'plain text' }
}

function detectGzip(bytes: Uint8Array): Detected {
  const start = inflateStart(bytes)
  const inner = start && detectMarkup(start)
  if (inner && 'kind' in inner) {
    return { foreign: 'a compressed SVG drawing (SVGZ)', advice: 'Render it to PNG.' }
  }
  return { foreign: 'a gzip archive' }
}

/** The first bytes inside; what is fed in is bounded, so what comes out is. */
function inflateStart(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes.subarray(0, 1024), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 2 * 1024 * 1024,
    }).subarray(0, looked)
  } catch {
    return null
  }
}

function decodeStart(bytes: Uint8Array): string | null {
  const start = bytes.subarray(0, looked)
  const [a, b] = start
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8'
  // Streaming: a character cut off at the end is left out rather than replaced.
  const text = new TextDecoder(encoding).decode(start, { stream: true })
  const broken = text.split('\ufffd').length - 1
  const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) || broken > text.length / 10
  return binary || text.trim() === '' ? null : text
}

/** What comes after white space, XML declaration, comments and a document type that is not HTML's. */
function skipProlog(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    const end = rest.startsWith('<?')
      ? endOf(rest, '?>')
      : rest.startsWith('<!--')
        ? endOf(rest, '-->')
        : /^<!doctype\s+(?!html)/i.test(rest)
          ? endOf(rest, /^[^>[]*\[/.test(rest) ? ']>' : '>')
          : 0
    if (end <= 0) return rest
    rest = rest.slice(end).trimStart()
  }
}

function endOf(text: string, mark: string): number {
  const at = text.indexOf(mark)
  return at < 0 ? 0 : at + mark.length
}
