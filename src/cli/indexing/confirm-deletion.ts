import { createInterface } from 'node:readline/promises'
import type { ConfirmDeletion } from '../../collections/imports/delete-missing.js'
import type { DeletionRequest } from './index-request.js'

/** Prints how many items would go; goes on if that was allowed beforehand, or if the person at the terminal says yes. */
export function confirmDeletion({ atMost }: DeletionRequest, signal: AbortSignal): ConfirmDeletion {
  return async (count) => {
    process.stderr.write(
      `${count} ${count === 1 ? 'item is' : 'items are'} in the collection and not in the source\n`,
    )
    if (atMost !== null) return count <= atMost
    if (!process.stdin.isTTY || !process.stderr.isTTY) return false
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^y(es)?$/i.test((await terminal.question('Delete them? [y/N] ', { signal })).trim())
    } catch (thrown) {
      // Ctrl-C is an answer, too.
      if (!signal.aborted) throw thrown
      return false
    } finally {
      terminal.close()
    }
  }
}
