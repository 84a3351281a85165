import { spawn } from 'node:child_process'
import path from 'node:path'
import { JobRecords } from '../../src/collections/jobs/job-records.js'
import type { Job } from '../../src/collections/jobs/job.js'

const cli = path.resolve(import.meta.dirname, '../../src/cli/main.ts')

/** The newest job of a store; null where there is none. */
export function newestJob(store: string): Job | null {
  const records = JobRecords.openForReading(store)
  if (records === null) return null
  try {
    return records.list({ limit: 1 }).items[0] ?? null
  } finally {
    records.close()
  }
}

/**
 * Runs `kindred index` in a process of its own, which is killed without a warning once a number of rows is done.
 *
 * @returns how its process ended
 */
export function runIndex(
  args: readonly string[],
  { store, killAfter }: { store: string; killAfter: number | null },
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'index', ...args, '--store', store], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const watch =
    killAfter === null
      ? undefined
      : setInterval(() => {
          if ((newestJob(store)?.counts.total ?? 0) >= killAfter) child.kill('SIGKILL')
        }, 50)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearInterval(watch)
      resolve({ code, signal })
    })
  })
}
