import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { RowContent } from '../../datasets/catalogues/catalogue-row.js'
import { KindredError } from '../../errors.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'

export interface PictureBytes {
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes in hex. */
  readonly contentHash: string
}

/** A picture that is at hand. */
export type LocalPicture = Extract<RowContent, { kind: 'file' | 'bytes' }>

/** @throws KindredError as the fetcher does */
export async function atHand(
  content: Exclude<RowContent, { kind: 'embedding' }>,
  fetcher: Pick<PictureFetcher, 'fetch'>,
): Promise<LocalPicture> {
  if (content.kind !== 'url') return content
  return { kind: 'bytes', bytes: await fetcher.fetch(content.url), name: content.name }
}

/** @throws KindredError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function readPicture(content: LocalPicture, maxBytes: number): Promise<PictureBytes> {
  const bytes = content.kind === 'bytes' ? content.bytes : await readWithin(content, maxBytes)
  if (bytes.length > maxBytes) throw tooLarge(content.name, bytes.length, maxBytes)
  return { bytes, contentHash: hashOfBytes(bytes) }
}

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function readWithin(
  { file, name }: { file: string; name: string },
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > maxBytes) throw tooLarge(name, size, maxBytes)
    return await readFile(file)
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    throw new KindredError('IMAGE_UNREADABLE', `${name} cannot be read`, { cause })
  }
}

const tooLarge = (name: string, size: number, most: number): KindredError =>
  new KindredError('IMAGE_TOO_LARGE', `${name} has ${size} bytes; at most ${most} are read`)
