import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'

/** A file that came with a request and lies on disk, in a folder to itself. */
export interface Upload {
  readonly file: string
  /** What the client calls it. */
  readonly name: string
}

/** What a file to import may be, by the end of its name; a matrix needs a second file, its ids. */
const kinds = /\.(csv|jsonl|ndjson|zip|tar|tar\.gz|tgz)$/i

/** Where uploads lie while they come in, and while the jobs last that work on them. */
export const uploadFolder = (store: string): string => path.join(path.resolve(store), 'uploads')

/**
 * Makes the place for a file.
 *
 * @param name what the client calls it; only its ending is taken over
 * @throws KindredError UNSUPPORTED_MEDIA_TYPE
 */
export function placeUpload(folder: string, name: string): { folder: string; file: string } {
  const ending = kinds.exec(name)?.[0]
  if (ending === undefined) {
    throw new KindredError(
      'UNSUPPORTED_MEDIA_TYPE',
      `${JSON.stringify(name)} is not a file that can be imported`,
      {
        field: 'file',
        hint: 'Its name must end in .csv, .jsonl, .ndjson, .zip, .tar, .tar.gz or .tgz.',
      },
    )
  }
  const own = path.join(folder, randomUUID())
  mkdirSync(own, { recursive: true })
  return { folder: own, file: `source${ending.toLowerCase()}` }
}

export const removeUpload = (file: string): Promise<void> =>
  rm(path.dirname(file), { recursive: true, force: true })

/** Removes what a killed process left. @param kept files that jobs still need */
export async function sweepUploads(folder: string, kept: readonly string[]): Promise<void> {
  const names = new Set(kept.map((file) => path.basename(path.dirname(file))))
  const found = await readdir(folder).catch(() => [])
  for (const name of found)
    if (!names.has(name)) await rm(path.join(folder, name), { recursive: true, force: true })
}
