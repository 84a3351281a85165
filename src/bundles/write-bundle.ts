import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { expected } from '../errors.js'
import { cardFile, manifestFile, type Bundle } from './bundle.js'
import { digestBytes } from './file-digest.js'
import { fingerprintOf } from './fingerprint.js'
import type { BundleManifest } from './manifest.js'
import { parseManifest } from './parse-manifest.js'

/** Where the earlier bundle lies for the moment in which a new one takes its place. */
export const asideFolder = (folder: string): string =>
  path.join(path.dirname(folder), `.${path.basename(folder)}.replaced`)

/**
 * Writes a model bundle, all or nothing: into a temporary folder beside the final one, flushed to disk, then renamed.
 * An existing bundle is kept until the new one is in place.
 *
 * @param folder the bundle's own folder, `models/NAME`; made where it does not exist
 * @param files contents by plain file name, `model.onnx` among them; digests and fingerprint are computed here
 * @param card text of the README.md
 * @throws KindredError INVALID_ARGUMENT for a manifest or file name that loadBundle would refuse
 */
export async function writeBundle(
  folder: string,
  manifest: Omit<BundleManifest, 'formatVersion' | 'files' | 'fingerprint'>,
  files: Readonly<Record<string, Uint8Array>>,
  card: string,
): Promise<Bundle> {
  const absolute = path.resolve(folder)
  const digests = Object.fromEntries(
    Object.entries(files).map(([name, contents]) => [name, digestBytes(contents)]),
  )
  const fingerprint = fingerprintOf({ ...manifest, files: digests })
  // Through JSON, as loadBundle will see it.
  const json = JSON.stringify({ formatVersion: 1, ...manifest, files: digests, fingerprint }, null, 2)
  const checked = parseManifest(JSON.parse(json), path.join(folder, manifestFile), 'INVALID_ARGUMENT')

  const parent = path.dirname(absolute)
  await mkdir(parent, { recursive: true })
  const temporary = path.join(parent, `.${path.basename(absolute)}.${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(temporary)
    for (const [name, contents] of Object.entries(files)) {
      await writeDurably(path.join(temporary, name), contents)
    }
    await writeDurably(path.join(temporary, cardFile), Buffer.from(card))
    await writeDurably(path.join(temporary, manifestFile), Buffer.from(`${json}\n`))
    await flushFolder(temporary)
    await putInPlace(temporary, absolute)
    await flushFolder(parent)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
  return { folder: absolute, manifest: checked, model: `${checked.name}@${fingerprint}` }
}

/** A folder cannot be renamed onto a full one, so the earlier bundle steps aside and comes back if that fails. */
async function putInPlace(temporary: string, folder: string): Promise<void> {
  const aside = asideFolder(folder)
  if (existsSync(folder)) {
    if (!existsSync(path.join(folder, manifestFile)) && (await readdir(folder)).length > 0) {
      throw expected('a new folder or a model bundle to replace', 'the output', folder)
    }
    await rm(aside, { recursive: true, force: true })
    await rename(folder, aside)
  }
  try {
    await rename(temporary, folder)
  } catch (error) {
    if (existsSync(aside)) await rename(aside, folder)
    throw error
  }
  await rm(aside, { recursive: true, force: true })
}

async function writeDurably(file: string, contents: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(contents)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its renames are journalled.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
