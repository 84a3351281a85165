import { createReadStream } from 'node:fs'
import { KindredError } from '../errors.js'

export interface TextLine {
  /** From 1; empty lines are counted, and left out. */
  readonly line: number
  /** null where the line cannot be taken; `problem` says why. */
  readonly text: string | null
  readonly problem: string | null
}

export interface TextLines {
  readonly lines: AsyncGenerator<TextLine>
  /** Bytes of the file up to the end of the newest line: a small file is read as a whole before its first line comes. */
  bytesRead(): number
}

const newline = 0x0a

/**
 * Streams the lines of a UTF-8 file, with or without a byte order mark, ended by LF or CRLF. Memory holds one line, and
 * of a line longer than `longest` bytes nothing: it comes as a problem in its place, as does one that is not UTF-8.
 *
 * `lines` throws KindredError DATASET_INVALID where the file cannot be read.
 */
export function readLines(file: string, longest: number): TextLines {
  const read = { bytes: 0 }
  return { lines: split(file, longest, read), bytesRead: () => read.bytes }
}

async function* split(file: string, longest: number, read: { bytes: number }): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  let held: Buffer[] = []
  let length = 0
  /** Ends the line under way with its last piece; null where it is empty. */
  const finish = (last: Buffer): TextLine | null => {
    line++
    length += last.length
    const bytes = length > longest ? null : held.length === 0 ? last : Buffer.concat([...held, last])
    held = []
    length = 0
    if (bytes === null) return { line, text: null, problem: `the line has more than ${longest} bytes` }
    try {
      // The decoder drops a byte order mark.
      const text = decoder.decode(bytes).trim()
      return text === '' ? null : { line, text, problem: null }
    } catch {
      return { line, text: null, problem: 'the line is not UTF-8' }
    }
  }
  const source = createReadStream(file)
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const before = read.bytes
      let from = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        const found = finish(chunk.subarray(from, end))
        from = end + 1
        read.bytes = before + from
        if (found !== null) yield found
      }
      read.bytes = before + chunk.length
      const rest = chunk.subarray(from)
      length += rest.length
      if (length > longest) held = []
      else if (rest.length > 0) held.push(rest)
    }
    const found = length > 0 ? finish(Buffer.alloc(0)) : null
    if (found !== null) yield found
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    throw new KindredError('DATASET_INVALID', `${file} cannot be read`, { cause })
  } finally {
    source.destroy()
  }
}
