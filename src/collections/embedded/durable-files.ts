import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Waits until a file's content, or a folder's entries, are on disk. */
export function syncToDisk(fileOrFolder: string): void {
  const descriptor = openSync(fileOrFolder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Gives a finished file its name: its content is on disk before the name is, and the name before this returns. */
export function publishFile(temporary: string, file: string): void {
  syncToDisk(temporary)
  renameSync(temporary, file)
  syncToDisk(path.dirname(file))
}

/** Writes a small file so that a reader finds the old content or the new, never a part. */
export function writeDurably(file: string, content: string): void {
  const temporary = `${file}.tmp`
  writeFileSync(temporary, content)
  publishFile(temporary, file)
}
