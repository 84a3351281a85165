import { readFile } from 'node:fs/promises'

/** The clock tick of /proc on every Linux that Node runs on. */
const ticksPerSecond = 100

/**
 * Seconds of processor time that this process has had, and those of its processes that have ended, decoders for one. Where
 * there is no /proc, its own alone.
 */
export async function processorSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => null)
  if (stat === null) {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  // utime, stime, cutime, cstime: fields 14 to 17, behind the name in brackets (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}
