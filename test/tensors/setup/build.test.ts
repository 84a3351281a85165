import { readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { bindingFile, buildKey, findBuild, readBuild, stampFile } from '../../../src/tensors/setup/build.js'
import { cacheFolder } from '../../../src/tensors/setup/cache-folder.js'
import { tensorflowStatus } from '../../../src/tensors/setup/status.js'
import { fakeBuild } from './fake-build.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('cacheFolder', () => {
  it.each([
    [{ KINDRED_CACHE: '/k', XDG_CACHE_HOME: '/x' }, 'linux', '/k'],
    [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/kindred'],
    [{}, 'linux', '/home/a/.cache/kindred'],
    [{}, 'darwin', '/home/a/Library/Caches/kindred'],
  ] as const)('of %j on %s is %s', (env, platform, expected) => {
    expect(cacheFolder(env, platform, '/home/a')).toBe(expected)
  })
})

describe('buildKey', () => {
  it('differs in all that a build depends on, and not with the version of Node', () => {
    const target = { flavour: 'cpu', platform: 'linux', arch: 'x64' } as const
    const others = [
      { ...target, flavour: 'cuda' as const },
      { ...target, platform: 'darwin' as const },
      { ...target, arch: 'arm64' },
    ]
    expect(new Set([target, ...others].map(buildKey)).size).toBe(4)
    expect(buildKey(target)).toMatch(/^tfjs-4\.22\.0-tensorflow-2\.21\.0-cpu-linux-x64-napi-8-text-lists$/)
  })
})

describe('readBuild', () => {
  it('reads a stamped build whose libraries are whole', async () => {
    const folder = await fakeBuild({ KINDRED_CACHE: temporaryFolder() }, 'cpu')
    expect(readBuild(folder)).toMatchObject({ flavour: 'cpu', source: 'wheel' })
  })

  it.each([
    ['has no stamp', (folder: string) => rm(stampFile(folder))],
    [
      'has half a stamp',
      async (folder: string) => {
        const whole = await readFile(stampFile(folder), 'utf8')
        await writeFile(stampFile(folder), whole.slice(0, whole.length / 2))
      },
    ],
    ['has a stamp of another shape', (folder: string) => writeFile(stampFile(folder), '{"flavour":"cpu"}')],
    ['lost its binding', (folder: string) => rm(bindingFile(folder))],
    ['has a cut-off library', (folder: string) => writeFile(bindingFile(folder), 'bind')],
  ])('takes a build that %s for none', async (_, damage) => {
    const folder = await fakeBuild({ KINDRED_CACHE: temporaryFolder() }, 'cpu')
    await damage(folder)
    expect(readBuild(folder)).toBeUndefined()
  })
})

describe('findBuild', () => {
  it('prefers CUDA, unless KINDRED_TENSORFLOW says otherwise', async () => {
    const env = { KINDRED_CACHE: temporaryFolder() }
    expect(findBuild(env)).toBeUndefined()
    await fakeBuild(env, 'cpu')
    expect(findBuild(env)?.build.flavour).toBe('cpu')
    await fakeBuild(env, 'cuda')
    expect(findBuild(env)?.build.flavour).toBe('cuda')
    expect(findBuild({ ...env, KINDRED_TENSORFLOW: 'cpu' })?.build.flavour).toBe('cpu')
    expect(() => findBuild({ ...env, KINDRED_TENSORFLOW: 'gpu' })).toThrow(/KINDRED_TENSORFLOW/)
  })
})

describe('tensorflowStatus', () => {
  it('says what is built and where, or where it would be', async () => {
    const cache = temporaryFolder()
    const env = { KINDRED_CACHE: cache }
    expect(tensorflowStatus(env)).toEqual({ state: 'missing', folder: `${cache}/tensorflow` })
    const folder = await fakeBuild(env, 'cpu')
    expect(tensorflowStatus(env)).toEqual({
      state: 'built',
      folder,
      flavour: 'cpu',
      version: '2.21.0',
      bytes: 14,
    })
  })
})
