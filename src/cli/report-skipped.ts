import type { EmbedFailure } from '../evaluation/embed-pictures.js'
import { exitCode } from './exit.js'

/** Names the pictures that were left out and ends the command as a failure, as `kindred index` does. */
export function reportSkipped(
  failures: readonly EmbedFailure[],
  [one, many] = ['picture', 'pictures'],
): void {
  if (failures.length === 0) return
  for (const { path, code, reason } of failures) process.stderr.write(`skipped ${path}: ${code} ${reason}\n`)
  process.stderr.write(
    `${failures.length} ${failures.length === 1 ? `${one} was` : `${many} were`} left out\n`,
  )
  process.exitCode = exitCode.failure
}
