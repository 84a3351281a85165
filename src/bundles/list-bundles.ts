import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { KindredError, toKindredError } from '../errors.js'
import type { Bundle } from './bundle.js'
import { loadBundle } from './load-bundle.js'
import { locate } from './locate.js'

export interface BundleListing {
  /** Verified bundles, in the order of their folders' names. */
  readonly bundles: readonly Bundle[]
  /** Folders that hold no usable bundle, and why. */
  readonly broken: readonly { readonly folder: string; readonly error: KindredError }[]
}

/**
 * Verifies every bundle in a folder of bundles; hidden folders (a bundle being written) are passed over.
 *
 * @throws KindredError MODEL_NOT_FOUND when the folder itself cannot be read
 */
export async function listBundles(modelsFolder: string): Promise<BundleListing> {
  const located = locate(modelsFolder)
  const names = await readdir(located).catch((cause: unknown) => {
    throw new KindredError('MODEL_NOT_FOUND', `There is no folder of model bundles at ${modelsFolder}`, {
      cause,
    })
  })
  const bundles: Bundle[] = []
  const broken: { folder: string; error: KindredError }[] = []
  for (const name of names.filter((entry) => !entry.startsWith('.')).sort()) {
    const folder = path.join(located, name)
    if (!(await isFolder(folder))) continue
    try {
      bundles.push(await loadBundle(folder))
    } catch (thrown) {
      broken.push({ folder, error: toKindredError(thrown) })
    }
  }
  return { bundles, broken }
}

const isFolder = (entry: string): Promise<boolean> =>
  stat(entry).then(
    (found) => found.isDirectory(),
    () => false,
  )
