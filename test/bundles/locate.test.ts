import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { locate } from '../../src/bundles/locate.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = path.resolve(import.meta.dirname, '../..')
const elsewhere = temporaryFolder()

afterEach(() => {
  vi.restoreAllMocks()
})

describe('where a bundle is looked for', () => {
  it('finds the bundles that ship from any folder', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(elsewhere)
    expect(locate('models')).toBe(path.join(root, 'models'))
    expect((await loadBundle('models/imagenet')).manifest.name).toBe('imagenet')
  })

  it('prefers what lies where the command runs', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(elsewhere)
    await writeTinyBundle(path.join(elsewhere, 'models', 'imagenet'))
    expect((await loadBundle('models/imagenet')).folder).toBe(path.join(elsewhere, 'models', 'imagenet'))
  })

  it('takes an absolute path as it is', () => {
    expect(locate('/models')).toBe('/models')
  })
})
