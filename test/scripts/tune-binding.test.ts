import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bindingFiles, install, undo } from '../../scripts/tune/binding-files.js'
import { compare, measure } from '../../scripts/tune/measure.js'
import { tuneBinding } from '../../scripts/tune/tune-binding.js'
import { graphLibrary } from '../../src/collections/embedded/graph-library.js'
import { temporaryFolder } from '../support/temporary-folder.js'

function madePackage() {
  const root = temporaryFolder()
  const release = path.join(root, 'build/Release')
  mkdirSync(release, { recursive: true })
  const files = bindingFiles(root)
  writeFileSync(files.loaded, 'installed')
  const compiled = (content: string): string => {
    const file = path.join(root, 'compiled')
    writeFileSync(file, content)
    return file
  }
  return { root, files, compiled, names: () => readdirSync(release).sort() }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a tuned binding', () => {
  it('takes the place of the installed one, which comes back however often it was tuned', () => {
    const { files, compiled, names } = madePackage()
    install(compiled('tuned'), files)
    install(compiled('tuned again'), files)
    expect([readFileSync(files.loaded, 'utf8'), readFileSync(files.installed, 'utf8')]).toEqual([
      'tuned again',
      'installed',
    ])
    expect(undo(files)).toBe(true)
    expect(readFileSync(files.loaded, 'utf8')).toBe('installed')
    expect(names()).toEqual(['addon.node'])
    expect(undo(files)).toBe(false)
  })

  it('is not made where there is no compiler, which is said, and nothing changes', async () => {
    const { files, names } = madePackage()
    vi.stubEnv('PATH', '/nowhere')
    vi.stubEnv('CXX', undefined)
    await expect(tuneBinding(files, { items: 1, queries: 1, repeats: 1 }, () => undefined)).rejects.toThrow(
      /a C\+\+ compiler.*Get it with/,
    )
    expect(names()).toEqual(['addon.node'])
    expect(readFileSync(files.loaded, 'utf8')).toBe('installed')
  })

  it('is not taken where it does not load', () => {
    const { compiled } = madePackage()
    expect(() => measure(compiled('no binding'), { items: 10, queries: 1 })).toThrow(/does not run here/)
  })
})

it('measures the binding that is loaded, which says whether it is tuned', () => {
  const { loaded } = bindingFiles()
  const { before, after } = compare(
    { before: loaded, after: loaded },
    { repeats: 1, items: 300, queries: 100 },
  )
  expect([before.tuning, after.tuning]).toEqual([graphLibrary().tuning, graphLibrary().tuning])
  expect(before.build).toBeGreaterThan(0)
  expect(before.search).toBeGreaterThan(0)
})
