import type { Command } from 'commander'
import { vi } from 'vitest'

/** Runs a command as the command line would and gives back what it printed. */
export async function run(
  command: Command,
  ...args: string[]
): Promise<{ out: string; err: string; exitCode: typeof process.exitCode }> {
  let out = ''
  let err = ''
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += String(chunk)
    return true
  })
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    err += String(chunk)
    return true
  })
  const before = process.exitCode
  process.exitCode = undefined
  try {
    await command.exitOverride().parseAsync(args, { from: 'user' })
    return { out, err, exitCode: process.exitCode }
  } finally {
    process.exitCode = before
    stdout.mockRestore()
    stderr.mockRestore()
  }
}
