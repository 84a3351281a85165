import { existsSync } from 'node:fs'
import path from 'node:path'

const packageRoot = path.resolve(import.meta.dirname, '../..')

/**
 * Where a folder of bundles, or one bundle, lies: as given, from where the command runs; else, for a relative path
 * such as the defaults `models` and `models/products`, inside the package, with the bundles that ship.
 *
 * @returns an absolute path, whether or not anything is there
 */
export function locate(folder: string): string {
  const given = path.resolve(folder)
  if (existsSync(given) || path.isAbsolute(folder)) return given
  const shipped = path.join(packageRoot, folder)
  return existsSync(shipped) ? shipped : given
}
