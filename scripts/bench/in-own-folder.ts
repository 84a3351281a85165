import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reportFailure } from '../../src/cli/exit.js'

/** Runs a script's work in a temporary folder, which goes with it. What it throws is told as a command tells it, with its exit code. */
export async function inOwnFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'))
  try {
    await work(folder)
  } catch (thrown) {
    process.exitCode = reportFailure(thrown, false)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
