import { readFileSync } from 'node:fs'
import { rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const BEAT_MS = 5_000
const STALE_MS = 60_000

/**
 * Runs `work` while no other process that asks for the same lock file runs its own. A lock whose owner died, or has
 * shown no sign of life for a minute, is taken over. Two processes could take over the same dead lock at the same
 * moment: the work must then be wasteful, not wrong.
 *
 * @param onWait called once if another process has the lock
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: () => void): Promise<T> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname() })
  let waiting = false
  while (!(await take(file, owner))) {
    if (await isStale(file)) {
      await rm(file, { force: true })
      continue
    }
    if (!waiting) onWait()
    waiting = true
    await sleep(250)
  }
  const beat = setInterval(() => {
    const now = new Date()
    // A lock that somebody removed is not brought back.
    utimes(file, now, now).catch(() => undefined)
  }, BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(file, { force: true })
  }
}

async function take(file: string, owner: string): Promise<boolean> {
  try {
    await writeFile(file, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs
    return age > STALE_MS || ownerIsDead(file)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false // given back between two looks
    throw error
  }
}

function ownerIsDead(file: string): boolean {
  let owner: unknown
  try {
    owner = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return false // just being written or removed; its age decides
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('host' in owner)) return false
  return owner.host === hostname() && typeof owner.pid === 'number' && !isAlive(owner.pid)
}

/** Whether a process of this number runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
