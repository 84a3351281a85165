import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../errors.js'
import { confinedPath } from './confined-path.js'

/** Names that say "picture", HEIC and the like included: better a clear error for that file than silence about it. */
const pictureName = /\.(jpe?g|png|webp|gif|tiff?|avif|svg|bmp|heic|heif|jxl|jp2)$/i

/** Whether a path is that of a picture, hidden files and folders left out. */
export const isPicturePath = (relative: string): boolean =>
  pictureName.test(relative) && !/(^|\/)\./.test(relative)

/**
 * Paths of the pictures below a folder, relative to it, with `/`, each folder's entries in code unit order. Hidden
 * files and folders are left out; links are followed, a folder that contains itself only once.
 *
 * @param within real paths of folders: what links lead to elsewhere is left out
 * @throws KindredError DATASET_INVALID when a folder cannot be read
 */
export async function* walkPictures(root: string, within?: readonly string[]): AsyncGenerator<string> {
  yield* walk(root, '', new Set(), within)
}

async function* walk(
  root: string,
  relative: string,
  above: ReadonlySet<string>,
  within: readonly string[] | undefined,
): AsyncGenerator<string> {
  const folder = path.join(root, relative)
  const real = await readable(folder, () => realpath(folder))
  if (above.has(real)) return
  const entries = await readable(folder, () => readdir(folder, { withFileTypes: true }))
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const below = relative === '' ? entry.name : `${relative}/${entry.name}`
    const place = path.join(root, below)
    if (within !== undefined && entry.isSymbolicLink() && confinedPath(place, within) === null) continue
    const kind = entry.isSymbolicLink() ? await stat(place).catch(() => entry) : entry
    if (kind.isDirectory()) yield* walk(root, below, new Set(above).add(real), within)
    else if (pictureName.test(entry.name)) yield below
  }
}

async function readable<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new KindredError('DATASET_INVALID', `The folder ${folder} cannot be read`, { cause })
  }
}
