import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runSteps } from '../../../scripts/bench/scale/run-steps.js'
import { paths } from '../../../scripts/bench/scale/scale-folder.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const settings = {
  folder: temporaryFolder(),
  items: 50,
  dimensions: 4,
  classes: 5,
  noise: 1,
  queries: 3,
  seconds: 1,
  seed: 1,
}

it(
  'keeps what each step measured, so that a stopped run goes on behind it',
  { timeout: 60_000 },
  async () => {
    const done: string[] = []
    const run = (names: readonly ('make' | 'load')[]) =>
      runSteps(names, settings, (name) => {
        done.push(name)
        return Promise.resolve()
      })
    const { make } = await run(['make'])
    // 128 bytes of header, 50 rows of 4 floats.
    expect(make?.bytes).toBe(128 + 50 * 4 * 4)
    expect(make?.peakMemory).toBeGreaterThan(1 << 20)
    expect(await run(['make'])).toEqual({ make })
    const { ids } = paths(settings.folder)
    rmSync(ids)
    await expect(run(['make', 'load'])).rejects.toThrow(/The step load failed/)
    expect(done).toEqual(['make'])
    const other = { ...settings, seed: 2 }
    await expect(runSteps(['make'], other, () => Promise.resolve())).rejects.toThrow(/other settings/)
  },
)
