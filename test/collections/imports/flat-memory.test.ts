import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

/** Megabytes that a process of its own holds at most while it imports so many rows. */
async function peak(rows: number): Promise<number> {
  const script = path.join(import.meta.dirname, 'support/long-import.ts')
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script, String(rows)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return Number(out)
}

it('takes no more memory for twenty times the rows', { timeout: 180_000 }, async () => {
  const short = await peak(10_000)
  const long = await peak(200_000)
  // A Map of the ids alone would hold 20 MB more.
  expect(long - short).toBeLessThan(10)
})
