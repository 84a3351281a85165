import { availableParallelism, arch, cpus, loadavg, platform, totalmem } from 'node:os'

/** What a run was measured with, and on what; the server may be on another machine. */
export interface Environment {
  readonly kindred: string
  readonly node: string
  readonly platform: string
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  /** Load of the last minute when the run began; 0 where the system tells none. */
  readonly load: number
}

/** @param kindred version of the program */
export const environment = (kindred: string): Environment => ({
  kindred,
  node: process.versions.node,
  platform: `${platform()} ${arch()}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  load: loadavg()[0] ?? 0,
})
