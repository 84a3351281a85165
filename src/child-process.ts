import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Starts a process from a module beside the caller: `forkModule(import.meta.url, './decoder.child')`. In the built
 * program the module is JavaScript; from the sources (tests, scripts) it is TypeScript, which tsx brings in.
 */
export function forkModule(
  callerUrl: string,
  module: string,
  args: readonly string[] = [],
  options: ForkOptions = {},
): ChildProcess {
  const fromSources = callerUrl.endsWith('.ts')
  const file = fileURLToPath(new URL(`${module}${fromSources ? '.ts' : '.js'}`, callerUrl))
  return fork(file, args, {
    ...options,
    // Not the parent's: its debugger or profiler is its own.
    execArgv: fromSources ? ['--import', import.meta.resolve('tsx')] : [],
  })
}
