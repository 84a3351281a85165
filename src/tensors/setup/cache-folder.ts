import { homedir } from 'node:os'
import path from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** Read from the environment alone, for it must be known before any command is. */
export const cacheVariable = {
  name: 'KINDRED_CACHE',
  default: "the user's cache folder",
  accepts: '',
  description:
    'Folder of what belongs to the machine: the TensorFlow that was set up, and weights that were fetched.',
} as const

/**
 * Where kindred keeps what is costly to make and belongs to the machine, not to one checkout: `KINDRED_CACHE`, else
 * the platform's own place (`$XDG_CACHE_HOME/kindred`, `~/Library/Caches/kindred`, `%LOCALAPPDATA%\kindred\Cache`).
 */
export function cacheFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = env[cacheVariable.name]
  if (chosen) return path.resolve(chosen)
  if (env['XDG_CACHE_HOME']) return path.join(path.resolve(env['XDG_CACHE_HOME']), 'kindred')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'kindred')
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'kindred', 'Cache')
  return path.join(home, '.cache', 'kindred')
}
