import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listBundles } from '../../src/bundles/list-bundles.js'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'

let models: string
beforeEach(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'kindred-bundles-'))
})
afterEach(() => rm(models, { recursive: true, force: true }))

const bundle = (name: string) => path.join(models, name)

/** Changes model.json as a person with an editor would. */
async function edit(folder: string, change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const file = path.join(folder, 'model.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  change(manifest)
  await writeFile(file, JSON.stringify(manifest))
}

describe('a good bundle', () => {
  test('loads with its manifest, absolute folder and model', async () => {
    const written = await writeTinyBundle(bundle('tiny'), { dimensions: 8 })
    const loaded = await loadBundle(bundle('tiny'))
    expect(loaded).toEqual(written)
    expect(loaded.model).toBe(`tiny@${loaded.manifest.fingerprint}`)
    expect(loaded.manifest.fingerprint).toMatch(/^[0-9a-f]{12}$/)
    expect(path.isAbsolute(loaded.folder)).toBe(true)
    expect(loaded.manifest.embedding.dimensions).toBe(8)
  })

  test('loads after a copy to another folder, with the same model', async () => {
    const { model } = await writeTinyBundle(bundle('tiny'))
    await cp(bundle('tiny'), bundle('copy'), { recursive: true })
    expect((await loadBundle(bundle('copy'))).model).toBe(model)
  })

  test('keeps its model when words or figures change, and loses it when weights or the input transform do', async () => {
    const { model } = await writeTinyBundle(bundle('tiny'))
    const other = await writeTinyBundle(bundle('other'), {
      name: 'tiny',
      manifest: {
        description: 'In other words',
        metrics: { 'recall@1': 0.5 },
        createdAt: '2026-01-01T00:00:00Z',
      },
    })
    expect(other.model).toBe(model)
    const reseeded = await writeTinyBundle(bundle('reseeded'), { name: 'tiny', seed: 2 })
    expect(reseeded.model).not.toBe(model)
    const input = { ...other.manifest.input, kernel: 'cubic' as const }
    const resized = await writeTinyBundle(bundle('resized'), { name: 'tiny', manifest: { input } })
    expect(resized.model).not.toBe(model)
  })

  test('has the same fingerprint whatever the order of fields in model.json', async () => {
    await writeTinyBundle(bundle('tiny'))
    await edit(bundle('tiny'), (manifest) => {
      const input = manifest['input'] as Record<string, unknown>
      manifest['input'] = Object.fromEntries(Object.entries(input).reverse())
      const files = manifest['files'] as Record<string, unknown>
      manifest['files'] = Object.fromEntries(Object.entries(files).reverse())
    })
    await expect(loadBundle(bundle('tiny'))).resolves.toBeDefined()
  })

  test('may have fields that a later version added outside what decides embeddings', async () => {
    await writeTinyBundle(bundle('tiny'))
    await edit(bundle('tiny'), (manifest) => (manifest['addedLater'] = { a: 1 }))
    await expect(loadBundle(bundle('tiny'))).resolves.toBeDefined()
  })
})

describe('no bundle', () => {
  test('names the bundles that lie beside it', async () => {
    await writeTinyBundle(bundle('imagenet'))
    await writeTinyBundle(bundle('products'))
    await mkdir(bundle('not-a-bundle'))
    await expect(loadBundle(bundle('prodcuts'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `There is no model bundle in ${bundle('prodcuts')}`,
      hint: `Bundles in ${models}: imagenet, products`,
    })
  })

  test('names those that ship where there are none beside it, nor a parent', async () => {
    const nowhere = path.join(models, 'no', 'such')
    await expect(loadBundle(nowhere)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: `Bundles in ${path.resolve('models')}: imagenet, products`,
    })
  })

  test('a file in its place is no bundle', async () => {
    await writeFile(bundle('file'), '')
    await expect(loadBundle(bundle('file'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})

describe('a damaged bundle is refused, naming what differs:', () => {
  const refused = (message: string | RegExp) =>
    expect(loadBundle(bundle('tiny'))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringMatching(message) as string,
    })
  beforeEach(() => writeTinyBundle(bundle('tiny')))

  test('a changed byte', async () => {
    const file = path.join(bundle('tiny'), 'weights.safetensors')
    const bytes = await readFile(file)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    await writeFile(file, bytes)
    await refused(/weights\.safetensors has SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}$/)
  })

  test('a truncated and a longer file', async () => {
    await truncate(path.join(bundle('tiny'), 'weights.safetensors'), 100)
    await refused(/weights\.safetensors has 100 bytes instead of \d+$/)
    await writeTinyBundle(bundle('tiny'))
    await appendFile(path.join(bundle('tiny'), 'model.onnx'), 'x')
    await refused(/model\.onnx has \d+ bytes instead of \d+$/)
  })

  test('a missing file', async () => {
    await rm(path.join(bundle('tiny'), 'model.onnx'))
    await refused(/model\.onnx is missing$/)
  })

  test('a folder where a file should be', async () => {
    await rm(path.join(bundle('tiny'), 'model.onnx'))
    await mkdir(path.join(bundle('tiny'), 'model.onnx'))
    await refused(/model\.onnx (has \d+ bytes instead of \d+|cannot be read)$/)
  })

  test('an input transform that was edited', async () => {
    await edit(bundle('tiny'), ({ input }) => Object.assign(input as object, { kernel: 'nearest' }))
    await refused(/states fingerprint [0-9a-f]{12}, but its files, input and onnx make [0-9a-f]{12}$/)
  })

  test('a manifest that is not JSON, or not an object', async () => {
    await writeFile(path.join(bundle('tiny'), 'model.json'), '{"formatVersion": 1,')
    await refused(/model\.json is not JSON$/)
    await writeFile(path.join(bundle('tiny'), 'model.json'), '[]')
    await refused(/Expected an object for .*model\.json# but received/)
  })

  test('a newer format, with the advice to upgrade', async () => {
    await edit(bundle('tiny'), (manifest) => (manifest['formatVersion'] = 2))
    await expect(loadBundle(bundle('tiny'))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining('format version 2; this kindred reads 1') as string,
      hint: 'Upgrade kindred to use this bundle.',
    })
  })

  test.each<[string, (manifest: Record<string, unknown>) => void, string]>([
    [
      'a missing field',
      (m) => delete m['embedding'],
      'Expected an object for .*#/embedding but received undefined',
    ],
    [
      'text for a number',
      (m) => Object.assign(m['input'] as object, { width: '32' }),
      '#/input/width .* "32" of type string',
    ],
    [
      'half a pixel',
      (m) => Object.assign(m['input'] as object, { width: 31.5 }),
      'a whole number from 1 to 8192',
    ],
    [
      'an unknown kernel',
      (m) => Object.assign(m['input'] as object, { kernel: 'best' }),
      'one of nearest, linear',
    ],
    [
      'a zero deviation',
      (m) => Object.assign(m['input'] as object, { std: [1, 0, 1] }),
      'positive number for .*#/input/std/1',
    ],
    [
      'two means',
      (m) => Object.assign(m['input'] as object, { mean: [1, 0] }),
      'three values for .*#/input/mean',
    ],
    [
      'an unknown field that could decide',
      (m) => Object.assign(m['input'] as object, { gamma: 2 }),
      'only the fields width',
    ],
    ['a bad name', (m) => Object.assign(m, { name: 'Tiny/..' }), '#/name'],
    ['a bad time', (m) => Object.assign(m, { createdAt: '2025-13-41T00:00:00Z' }), '#/createdAt'],
    ['a figure that is not one', (m) => Object.assign(m, { metrics: { 'a/b': null } }), '#/metrics/a~1b'],
    [
      'a short digest',
      (m) => Object.assign(m, { files: { 'model.onnx': { bytes: 1, sha256: 'ab' } } }),
      'sha256',
    ],
    ['no network', (m) => Object.assign(m, { files: {} }), 'names no model.onnx among its files'],
  ])('%s', async (_title, change, message) => {
    await edit(bundle('tiny'), (manifest) => {
      change(manifest)
    })
    await refused(new RegExp(message))
  })

  test.each([
    '../secret',
    '/etc/passwd',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'C:x',
    'model.json',
    'README.md',
    '',
    '__proto__',
  ])('the file name %j, which could point elsewhere', async (name) => {
    await writeFile(path.join(models, 'secret'), 'x')
    await edit(bundle('tiny'), (manifest) => {
      const entry = JSON.stringify({ [name]: { bytes: 1, sha256: '0'.repeat(64) } })
      manifest['files'] = JSON.parse(entry) as unknown
    })
    await refused('Expected the plain name of a file')
  })
})

describe('listBundles', () => {
  test('gives good ones in order of name, and broken ones with the reason', async () => {
    await writeTinyBundle(bundle('zebra'))
    await writeTinyBundle(bundle('apple'))
    await writeTinyBundle(bundle('broken'))
    await rm(path.join(bundle('broken'), 'model.onnx'))
    await mkdir(bundle('empty'))
    await writeFile(bundle('README.md'), 'a file beside them')
    await cp(bundle('apple'), bundle('.apple.tmp'), { recursive: true })
    const { bundles, broken } = await listBundles(models)
    expect(bundles.map(({ manifest }) => manifest.name)).toEqual(['apple', 'zebra'])
    expect(broken.map(({ folder, error }) => [path.basename(folder), error.code])).toEqual([
      ['broken', 'MODEL_CORRUPT'],
      ['empty', 'MODEL_NOT_FOUND'],
    ])
  })

  test('follows a link to a bundle kept elsewhere', async () => {
    await writeTinyBundle(path.join(models, 'store', 'tiny'))
    await mkdir(bundle('links'))
    await symlink(path.join(models, 'store', 'tiny'), path.join(bundle('links'), 'tiny'))
    expect((await listBundles(bundle('links'))).bundles).toHaveLength(1)
  })

  test('refuses a folder that does not exist', async () => {
    await expect(listBundles(bundle('nowhere'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})
