import { readFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../errors.js'
import { manifestFile, type Bundle } from './bundle.js'
import { digestFile } from './file-digest.js'
import { fingerprintOf } from './fingerprint.js'
import { locate } from './locate.js'
import type { BundleManifest } from './manifest.js'
import { parseManifest } from './parse-manifest.js'
import { asideFolder } from './write-bundle.js'

/**
 * Opens a model bundle and verifies it: the shape of `model.json`, the presence, size and SHA-256 of every file it
 * names, and the fingerprint. The folder is looked for as `locate` says.
 *
 * @throws KindredError MODEL_NOT_FOUND, with the bundles beside it as a hint; MODEL_CORRUPT, naming what differs
 */
export async function loadBundle(folder: string): Promise<Bundle> {
  const absolute = locate(folder)
  const manifest = await readManifest(absolute, folder)
  for (const [name, stated] of Object.entries(manifest.files)) {
    await verifyFile(path.join(absolute, name), stated)
  }
  const fingerprint = fingerprintOf(manifest)
  if (fingerprint !== manifest.fingerprint) {
    throw new KindredError(
      'MODEL_CORRUPT',
      `${path.join(folder, manifestFile)} states fingerprint ${manifest.fingerprint}, but its files, input and onnx make ${fingerprint}`,
    )
  }
  return { folder: absolute, manifest, model: `${manifest.name}@${fingerprint}` }
}

async function readManifest(absolute: string, folder: string): Promise<BundleManifest> {
  const source = path.join(folder, manifestFile)
  let text: string
  try {
    text = await readFile(path.join(absolute, manifestFile), 'utf8')
  } catch (cause) {
    if (isMissing(cause)) {
      throw new KindredError('MODEL_NOT_FOUND', `There is no model bundle in ${folder}`, {
        cause,
        hint: await whereBundlesAre(absolute),
      })
    }
    throw new KindredError('MODEL_CORRUPT', `${source} cannot be read`, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new KindredError('MODEL_CORRUPT', `${source} is not JSON`, { cause })
  }
  return parseManifest(value, source)
}

async function verifyFile(file: string, stated: { bytes: number; sha256: string }): Promise<void> {
  const differs = (what: string, cause?: unknown) =>
    new KindredError('MODEL_CORRUPT', `${file} ${what}`, {
      cause,
      hint: 'Fetch or train the bundle again.',
    })
  try {
    const { size } = await stat(file)
    if (size !== stated.bytes) throw differs(`has ${size} bytes instead of ${stated.bytes}`)
    const { sha256 } = await digestFile(file)
    if (sha256 !== stated.sha256) throw differs(`has SHA-256 ${sha256} instead of ${stated.sha256}`)
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    throw differs(isMissing(cause) ? 'is missing' : 'cannot be read', cause)
  }
}

async function whereBundlesAre(absolute: string): Promise<string> {
  const aside = asideFolder(absolute)
  if (await hasManifest(aside)) {
    return `A replacement was interrupted; the earlier bundle lies in ${aside}: rename it to ${path.basename(absolute)}.`
  }
  const parent = path.dirname(absolute)
  for (const folder of [parent, locate('models')]) {
    const bundles = await bundlesIn(folder)
    if (bundles.length > 0) return `Bundles in ${folder}: ${bundles.join(', ')}`
  }
  return `There are no bundles in ${parent} either.`
}

async function bundlesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const bundles: string[] = []
  for (const name of names.filter((entry) => !entry.startsWith('.')).sort()) {
    if (await hasManifest(path.join(folder, name))) bundles.push(name)
  }
  return bundles
}

const hasManifest = (folder: string): Promise<boolean> =>
  stat(path.join(folder, manifestFile)).then(
    (found) => found.isFile(),
    () => false,
  )

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')
