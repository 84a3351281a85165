import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface FileDigest {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** Size and SHA-256 of a file, read as a stream. */
export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

export const digestBytes = (contents: Uint8Array): FileDigest => ({
  bytes: contents.byteLength,
  sha256: createHash('sha256').update(contents).digest('hex'),
})
