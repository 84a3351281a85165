import { realpathSync } from 'node:fs'
import path from 'node:path'

/** Whether a path, its links followed already, is one of `folders` (real paths as well) or below one. */
export const liesWithin = (real: string, folders: readonly string[]): boolean =>
  folders.some((folder) => {
    const relative = path.relative(folder, real)
    return (
      relative === '' ||
      !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
    )
  })

/**
 * Where a path leads when all links are followed.
 *
 * @param folders real paths
 * @returns null where there is nothing, or where it leads out of `folders`: the two look the same from outside
 */
export function confinedPath(given: string, folders: readonly string[]): string | null {
  try {
    const real = realpathSync(given)
    return liesWithin(real, folders) ? real : null
  } catch {
    return null
  }
}
