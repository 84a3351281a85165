import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { RowContent } from '../../datasets/catalogues/catalogue-row.js'
import { KindredError } from '../../errors.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'

export interface PictureBytes {
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes in hex. */
  readonly contentHash: string
  /** Absolute path of the file where it will stay; null where there is none. */
  readonly path: string | null
}

/** A picture that is at hand. */
export type LocalPicture = Extract<RowContent, { kind: 'file' | 'bytes' }>

/** @throws KindredError as the fetcher does; the signal's reason */
export async function atHand(
  content: Exclude<RowContent, { kind: 'embedding' }>,
  fetcher: Pick<PictureFetcher, 'fetch'>,
  signal?: AbortSignal,
): Promise<LocalPicture> {
  if (content.kind !== 'url') return content
  return { kind: 'bytes', bytes: await fetcher.fetch(content.url, signal), name: content.name }
}

/** @throws KindredError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function readPicture(content: LocalPicture, maxBytes: number): Promise<PictureBytes> {
  const bytes = content.kind === 'bytes' ? content.bytes : await readWithin(content, maxBytes)
  if (bytes.length > maxBytes) throw tooLarge(content.name, bytes.length, maxBytes)
  const stays = content.kind === 'file' && content.unpacked !== true
  return { bytes, contentHash: hashOfBytes(bytes), path: stays ? path.resolve(content.file) : null }
}

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * The bytes of a regular file: a pipe or a device might never end.
 *
 * @throws KindredError IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function readWithin(
  { file, name }: { readonly file: string; readonly name: string },
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new KindredError('IMAGE_UNREADABLE', `${name} is not a regular file`)
    if (found.size > maxBytes) throw tooLarge(name, found.size, maxBytes)
    return await readFile(file)
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    throw new KindredError('IMAGE_UNREADABLE', `${name} cannot be read`, { cause })
  }
}

const tooLarge = (name: string, size: number, most: number): KindredError =>
  new KindredError('IMAGE_TOO_LARGE', `${name} has ${size} bytes; at most ${most} are read`)
