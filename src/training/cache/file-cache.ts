import { constants } from 'node:fs'
import { access, open, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import type { PictureCache } from './picture-cache.js'

/** What the file begins with: a file without it is somebody's, and never overwritten. */
const mark = Buffer.from('kindred pictures\n')

/**
 * Pictures in one file: the mark, then their pixels, each read from its place when it is asked for. The file is new, in
 * place of what a killed run left, and is removed when the cache is closed.
 *
 * @param maxBytes most bytes of pixels that are kept
 * @throws KindredError INVALID_SETTING where the file cannot be made; CACHE_FAILED
 */
export async function openFileCache(file: string, maxBytes: number): Promise<PictureCache> {
  await checkCacheFile(file)
  // Not the leftover itself, which a run that is still going might read.
  await rm(file, { force: true })
  const handle = await open(file, 'wx+').catch((cause: unknown) => {
    throw unusable(file, 'cannot be made', cause)
  })
  let bytes = 0
  const close = async (): Promise<void> => {
    await handle.close()
    await rm(file, { force: true })
  }
  try {
    await write(handle, file, mark, 0)
  } catch (error) {
    await close()
    throw error
  }
  return {
    get bytes() {
      return bytes
    },
    async keep({ width, height, data }) {
      if (bytes + data.length > maxBytes) return null
      const at = mark.length + bytes
      bytes += data.length
      await write(handle, file, data, at)
      const { length } = data
      return async () => ({ width, height, data: await read(handle, file, length, at) })
    },
    close,
  }
}

/** Whether a run could make its cache file, without making it. @throws KindredError INVALID_SETTING */
export async function checkCacheFile(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file))
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw unusable(file, `cannot be made: there is no folder ${folder}`)
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw unusable(file, `cannot be made: the folder ${folder} cannot be written to`, cause)
  })
  const found = await stat(file).catch(() => null)
  if (found === null) return
  const isOurs = found.isFile() && (found.size === 0 || (await beginningOf(file)).equals(mark))
  if (!isOurs) throw unusable(file, "is there already and is none of kindred's; name a new file")
}

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unusable(file, 'cannot be read', cause)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mark.length), 0, mark.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function write(handle: FileHandle, file: string, data: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < data.length;) {
    const { bytesWritten } = await handle
      .write(data, done, data.length - done, at + done)
      .catch((cause: unknown) => {
        throw new KindredError('CACHE_FAILED', `The cache file ${file} cannot be written to`, { cause })
      })
    done += bytesWritten
  }
}

async function read(handle: FileHandle, file: string, length: number, at: number): Promise<Uint8Array> {
  const data = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(data, done, length - done, at + done).catch((cause: unknown) => {
      throw new KindredError('CACHE_FAILED', `The cache file ${file} cannot be read`, { cause })
    })
    if (bytesRead === 0) {
      throw new KindredError('CACHE_FAILED', `The cache file ${file} was cut short while a run read it`)
    }
    done += bytesRead
  }
  return data
}

const unusable = (file: string, what: string, cause?: unknown): KindredError =>
  new KindredError('INVALID_SETTING', `The file ${file} of cache.file ${what}`, { cause })
