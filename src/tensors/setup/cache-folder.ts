import { homedir } from 'node:os'
import path from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where kindred keeps what is costly to make and belongs to the machine, not to one checkout: `KINDRED_CACHE`, else
 * the platform's own place (`$XDG_CACHE_HOME/kindred`, `~/Library/Caches/kindred`, `%LOCALAPPDATA%\kindred\Cache`).
 */
export function cacheFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env['KINDRED_CACHE']) return path.resolve(env['KINDRED_CACHE'])
  if (env['XDG_CACHE_HOME']) return path.join(path.resolve(env['XDG_CACHE_HOME']), 'kindred')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'kindred')
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'kindred', 'Cache')
  return path.join(home, '.cache', 'kindred')
}
