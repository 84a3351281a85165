import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const made: string[] = []

// Hooks run the last first, so this comes after those of the file that imports it: what is open in a folder is closed by then.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that goes when the tests of the file are over. For tests alone, not for programs that they start. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindred-test-'))
  made.push(folder)
  return folder
}
