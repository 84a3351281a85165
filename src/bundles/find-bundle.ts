import { KindredError } from '../errors.js'
import type { Bundle } from './bundle.js'
import { listBundles } from './list-bundles.js'

/**
 * The bundle of a folder of bundles that a name stands for.
 *
 * @param name a bundle's name, or `NAME@FINGERPRINT`
 * @throws KindredError MODEL_NOT_FOUND
 */
export async function findBundle(modelsFolder: string, name: string): Promise<Bundle> {
  return pickBundle((await listBundles(modelsFolder)).bundles, name)
}

/** As `findBundle`, among bundles at hand. Embeddings are comparable where fingerprints are equal, whatever the name. */
export function pickBundle(bundles: readonly Bundle[], name: string): Bundle {
  const [, fingerprint] = name.split('@')
  const found = bundles.find(({ manifest }) =>
    fingerprint === undefined ? manifest.name === name : manifest.fingerprint === fingerprint,
  )
  if (found !== undefined) return found
  throw new KindredError('MODEL_NOT_FOUND', `There is no model ${name}`, {
    hint: `Models here: ${bundles.map(({ model }) => model).join(', ') || 'none'}`,
  })
}
