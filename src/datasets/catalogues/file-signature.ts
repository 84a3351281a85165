import { stat } from 'node:fs/promises'

/** Size and time of change of files: what tells a cheap look that one was written since. */
export async function fileSignature(...files: readonly string[]): Promise<string> {
  const found = await Promise.all(files.map((file) => stat(file)))
  return found.map(({ size, mtimeMs }) => `${size}@${mtimeMs}`).join(' ')
}
