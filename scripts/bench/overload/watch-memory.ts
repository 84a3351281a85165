import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface MemoryWatch {
  /** Bytes that were resident at first, at most and at last. */
  stop(): Promise<{ readonly first: number; readonly most: number; readonly last: number }>
}

/** Looks at the memory of a process and its children twice a second. */
export function startMemoryWatch(pid: number): MemoryWatch {
  const seen = [residentBytes(pid)]
  const timer = setInterval(() => seen.push(residentBytes(pid)), 500)
  return {
    async stop() {
      clearInterval(timer)
      const last = await residentBytes(pid)
      const values = await Promise.all(seen)
      return { first: values[0] ?? last, most: Math.max(...values, last), last }
    },
  }
}

async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss='])
  const kilobytes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([own, parent]) => own === pid || parent === pid)
    .map(([, , resident = 0]) => resident)
  return 1024 * kilobytes.reduce((sum, one) => sum + one, 0)
}
