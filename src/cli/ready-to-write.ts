import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../errors.js'

/**
 * Makes the folder of a file that will be written, and finds out whether it can be: not after minutes of measuring.
 *
 * @throws KindredError INVALID_ARGUMENT
 */
export async function readyToWrite(flag: string, file: string): Promise<void> {
  const found = await stat(file).catch(() => null)
  if (found?.isDirectory()) {
    throw new KindredError('INVALID_ARGUMENT', `${flag} ${file} is a folder; name a file in it`)
  }
  const probe = `${file}.${process.pid}.part`
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true })
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KindredError('INVALID_ARGUMENT', `${flag} ${file} cannot be written: ${why}`, { cause })
  }
}
