import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { planBuild } from '../../../src/tensors/setup/plan.js'
import {
  describeMissing,
  describeMissingRoom,
  findPrerequisites,
} from '../../../src/tensors/setup/prerequisites.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A path with these commands and nothing else; each is a line of shell. */
async function pathWith(commands: Record<string, string>): Promise<{ PATH: string }> {
  const folder = temporaryFolder()
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`)
    await chmod(path.join(folder, name), 0o755)
  }
  return { PATH: folder }
}

describe('findPrerequisites', () => {
  it('finds python3 with pip and a compiler', async () => {
    const env = await pathWith({ python3: 'exit 0', 'clang++': 'exit 0' })
    expect(await findPrerequisites(env)).toEqual({ python: 'python3', compiler: 'clang++', missing: [] })
  })

  it('tells a python without pip from no python', async () => {
    const noPip = await pathWith({ python3: '[ "$1" = -c ]', 'g++': 'exit 0' })
    expect((await findPrerequisites(noPip)).missing).toEqual(['pip'])
    const nothing = await pathWith({})
    expect((await findPrerequisites(nothing)).missing).toEqual(['python3', 'pip', 'compiler'])
  })

  it('takes the compiler that CXX names', async () => {
    const env = await pathWith({ python3: 'exit 0', 'g++': 'exit 0', mine: 'exit 0' })
    expect((await findPrerequisites({ ...env, CXX: 'mine' })).compiler).toBe('mine')
  })
})

describe('describeMissing', () => {
  it('names each missing tool and the line that gets it', () => {
    expect(describeMissing([], 'linux')).toBe('')
    expect(describeMissing(['pip', 'compiler'], 'linux')).toMatch(
      /pip for python3, a C\+\+ compiler .*sudo apt-get install python3-pip g\+\+/,
    )
    expect(describeMissing(['python3', 'pip', 'compiler'], 'darwin')).toMatch(
      /brew install python && xcode-select --install$/,
    )
  })
})

describe('describeMissingRoom', () => {
  it('is silent where there is room', async () => {
    const plan = { ...planBuild('cpu', { platform: 'linux', arch: 'x64', glibc: true }) }
    expect(await describeMissingRoom(temporaryFolder(), plan)).toBeUndefined()
  })
})
