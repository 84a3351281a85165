import { existsSync } from 'node:fs'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { readBuild } from '../../../src/tensors/setup/build.js'
import { buildOnce } from '../../../src/tensors/setup/build-once.js'
import { fillFakeBuild } from './fake-build.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const made = { flavour: 'cpu', source: 'wheel' } as const
/** No process has this number: Linux gives at most 2^22. */
const DEAD_PID = 2 ** 30

let target: string
let builds: number
const make = async (folder: string): Promise<typeof made> => {
  builds += 1
  await fillFakeBuild(folder)
  await sleep(50)
  return made
}
const ignore = (): void => undefined

beforeEach(() => {
  target = path.join(temporaryFolder(), 'tensorflow', 'key')
  builds = 0
})

const names = (): Promise<string[]> => readdir(path.dirname(target))

describe('buildOnce', () => {
  it('leaves a whole build with its size, and nothing else', async () => {
    const build = await buildOnce(target, make, ignore)
    expect(build).toMatchObject({ ...made, bytes: 14 })
    expect(readBuild(target)).toEqual(build)
    expect(await names()).toEqual(['key'])
  })

  it('builds once when it is asked twice at the same time', async () => {
    const waits: string[] = []
    const both = ['a', 'b'].map((who) => buildOnce(target, make, () => waits.push(who)))
    const [first, second] = await Promise.all(both)
    expect(second).toEqual(first)
    expect(builds).toBe(1)
    expect(waits).toHaveLength(1)
  })

  it('leaves nothing when building fails, and can be tried again', async () => {
    const broken = async (folder: string): Promise<typeof made> => {
      await fillFakeBuild(folder)
      throw new Error('no compiler')
    }
    await expect(buildOnce(target, broken, ignore)).rejects.toThrow('no compiler')
    expect(await names()).toEqual([])
    await buildOnce(target, make, ignore)
    expect(readBuild(target)).toBeDefined()
  })

  it('cleans up after a process that was killed while it built', async () => {
    await fillFakeBuild(`${target}.building-${DEAD_PID}`)
    await writeFile(`${target}.lock`, JSON.stringify({ pid: DEAD_PID, host: hostname() }))
    expect(readBuild(target)).toBeUndefined()
    await buildOnce(target, make, ignore)
    expect(await names()).toEqual(['key'])
  })

  it('takes over a lock that shows no sign of life, whoever has it', async () => {
    await mkdir(path.dirname(target), { recursive: true })
    const lock = `${target}.lock`
    await writeFile(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }))
    const longAgo = new Date(Date.now() - 120_000)
    await utimes(lock, longAgo, longAgo)
    await buildOnce(target, make, ignore)
    expect(existsSync(lock)).toBe(false)
    expect(builds).toBe(1)
  })

  it('replaces a build that was damaged', async () => {
    await fillFakeBuild(target)
    await buildOnce(target, make, ignore)
    expect(builds).toBe(1)
    expect(readBuild(target)).toBeDefined()
  })

  it('uses the build of a process that was quicker all the same', async () => {
    const beaten = async (folder: string): Promise<typeof made> => {
      await buildOnce(path.join(folder, '../other/key'), make, ignore)
      const { rename } = await import('node:fs/promises')
      await rename(path.join(folder, '../other/key'), target)
      return make(folder)
    }
    expect(await buildOnce(target, beaten, ignore)).toEqual(readBuild(target))
  })
})
