import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What a process holds, read from /proc (Linux). */
export interface Vitals {
  /** Resident memory, in bytes. */
  readonly residentBytes: number
  /** That of each of its children. */
  readonly childrenBytes: readonly number[]
  /** Open descriptors. */
  readonly descriptors: number
}

const pageBytes = 4096

/** @throws Error where there is no such process, or no /proc */
export function vitalsOf(pid: number): Vitals {
  return {
    residentBytes: residentOf(pid),
    childrenBytes: childrenOf(pid).map(residentOf),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  }
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
