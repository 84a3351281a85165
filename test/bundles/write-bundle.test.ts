import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { asideFolder, writeBundle } from '../../src/bundles/write-bundle.js'
import { tinyManifest, writeTinyBundle } from '../support/tiny-bundle.js'
import { tinyNetwork } from '../support/tiny-onnx.js'

let models: string
beforeEach(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'kindred-bundles-'))
})
afterEach(() => rm(models, { recursive: true, force: true }))

const network = tinyNetwork({ size: 32, dimensions: 16 })
const files = { 'model.onnx': network.model, 'weights.safetensors': network.weights }
const manifest = tinyManifest('tiny', 32, 16)

test('writes the files, the card and the manifest, and leaves nothing beside them', async () => {
  const folder = path.join(models, 'deep', 'tiny')
  const { manifest: written } = await writeBundle(folder, manifest, files, '# A card\n')
  expect((await readdir(folder)).sort()).toEqual([
    'README.md',
    'model.json',
    'model.onnx',
    'weights.safetensors',
  ])
  expect(await readdir(path.dirname(folder))).toEqual(['tiny'])
  expect(await readFile(path.join(folder, 'README.md'), 'utf8')).toBe('# A card\n')
  expect(new Uint8Array(await readFile(path.join(folder, 'model.onnx')))).toEqual(
    new Uint8Array(network.model),
  )
  expect(written.files['model.onnx']?.bytes).toBe(network.model.byteLength)
})

test('writes the same bytes again for the same contents', async () => {
  await writeBundle(path.join(models, 'a'), manifest, files, '')
  await writeBundle(path.join(models, 'b'), manifest, files, '')
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) => readFile(path.join(models, name, 'model.json'), 'utf8')),
  )
  expect(a).toBe(b)
})

test('replaces an existing bundle, files that the new one lacks included', async () => {
  const folder = path.join(models, 'tiny')
  await writeBundle(folder, manifest, { ...files, 'extra.txt': Buffer.from('x') }, 'old')
  await writeBundle(folder, { ...manifest, description: 'new' }, files, 'new')
  expect((await loadBundle(folder)).manifest.description).toBe('new')
  expect(await readdir(folder)).not.toContain('extra.txt')
  expect(await readdir(models)).toEqual(['tiny'])
})

test('fills an empty folder, and leaves a folder with something else alone', async () => {
  const empty = path.join(models, 'empty')
  await mkdir(empty)
  await expect(writeBundle(empty, manifest, files, '')).resolves.toBeDefined()
  const full = path.join(models, 'full')
  await mkdir(full)
  await writeFile(path.join(full, 'thesis.txt'), 'years of work')
  await expect(writeBundle(full, manifest, files, '')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(await readdir(full)).toEqual(['thesis.txt'])
  expect((await readdir(models)).sort()).toEqual(['empty', 'full'])
})

describe('refuses, and writes nothing:', () => {
  test.each([
    ['a manifest that would not load', { ...manifest, name: 'No Name' }, files, '#/name'],
    ['a figure that is not a number', { ...manifest, metrics: { recall: NaN } }, files, '#/metrics/recall'],
    ['a file name that points elsewhere', manifest, { ...files, '../x': new Uint8Array(1) }, 'plain name'],
    [
      'a file in the place of the manifest',
      manifest,
      { ...files, 'model.json': new Uint8Array(1) },
      'plain name',
    ],
    ['no network', manifest, { 'weights.safetensors': network.weights }, 'names no model.onnx'],
  ])('%s', async (_title, given, contents, message) => {
    await expect(writeBundle(path.join(models, 'tiny'), given, contents, '')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message) as string,
    })
    expect(await readdir(models)).toEqual([])
  })
})

test('a replacement cut off between its renames is told, and the next write clears up', async () => {
  const folder = path.join(models, 'tiny')
  await writeTinyBundle(folder)
  await rename(folder, asideFolder(folder))
  await expect(loadBundle(folder)).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    hint: expect.stringContaining(asideFolder(folder)) as string,
  })
  await writeTinyBundle(folder)
  expect(await readdir(models)).toEqual(['tiny'])
})

test('killed at any moment, it leaves the earlier bundle or the new one, never half of one', async () => {
  const folder = path.join(models, 'tiny')
  await writeTinyBundle(folder)
  const writer = path.join(import.meta.dirname, '../support/rewrite-bundle.ts')
  for (const milliseconds of [0, 3, 9]) {
    await killedAfter(milliseconds, ['--import', 'tsx', writer, folder])
    const found = await loadBundle(folder).catch(() => loadBundle(asideFolder(folder)))
    expect(found.manifest.name).toBe('tiny')
  }
})

/** Runs a program and kills it that long after its first line of output. */
function killedAfter(milliseconds: number, program: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, program, (error) => {
      if (error?.signal === 'SIGKILL') resolve()
      else reject(error ?? new Error('the writer ended by itself'))
    })
    child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds))
  })
}
