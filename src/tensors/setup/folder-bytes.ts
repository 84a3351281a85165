import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

/** Bytes of all files below a folder; links count as links. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  let bytes = 0
  for (const entry of entries)
    if (!entry.isDirectory()) bytes += (await lstat(path.join(entry.parentPath, entry.name))).size
  return bytes
}
