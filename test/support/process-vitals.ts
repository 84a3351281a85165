import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What a process and its children hold, read from /proc (Linux). */
export interface Vitals {
  /** Resident memory of all of them, in bytes. */
  readonly residentBytes: number
  /** Open descriptors of the process itself. */
  readonly descriptors: number
}

const pageBytes = 4096

/** @throws Error where there is no such process, or no /proc */
export function vitalsOf(pid: number): Vitals {
  const residentBytes = [pid, ...childrenOf(pid)].reduce((sum, one) => sum + residentOf(one), 0)
  return { residentBytes, descriptors: readdirSync(`/proc/${pid}/fd`).length }
}

/** What its descriptors are of, for the report of a leak. */
export const descriptorsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)]
    } catch {
      return []
    }
  })

const residentOf = (pid: number): number =>
  pageBytes * Number(readIfThere(`/proc/${pid}/statm`).split(' ')[1] ?? 0)

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readIfThere(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  )

/** Nothing of a process or thread that has ended meanwhile. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
