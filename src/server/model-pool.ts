import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { cardFile, type Bundle } from '../bundles/bundle.js'
import type { Calibration } from '../bundles/calibration.js'
import { pickBundle } from '../bundles/find-bundle.js'
import { listBundles } from '../bundles/list-bundles.js'
import type { Embedder } from '../embedding/embedder.js'
import { toKindredError } from '../errors.js'
import type { Logger } from '../log.js'

/** The models that a server can embed with. Embedders are opened when first asked for, one for each bundle. */
export interface ModelPool {
  /** `NAME@FINGERPRINT` of the model that collections are made with unless they name another. */
  readonly defaultModel: string
  list(): Promise<readonly Bundle[]>
  /** @param name a bundle's name or `NAME@FINGERPRINT` @throws KindredError MODEL_NOT_FOUND */
  find(name: string): Promise<Bundle>
  /** The bundle's card in Markdown; empty where it has none. */
  card(bundle: Bundle): Promise<string>
  /** @throws KindredError MODEL_NOT_FOUND, EMBEDDER_FAILED */
  embedderFor(name: string): Promise<Embedder>
  /** What the scores of a model mean, as its bundle said when it was first used; null where it does not say. */
  calibrationOf(name: string): Promise<Calibration | null>
  /** Closes every embedder that was opened. */
  close(): Promise<void>
}

/**
 * Opens the default bundle's embedder, which runs it once, and takes other bundles from a folder on demand.
 *
 * @throws KindredError EMBEDDER_FAILED
 */
export async function openModelPool(parts: {
  readonly defaultBundle: Bundle
  readonly modelsFolder: string
  readonly openEmbedder: (bundle: Bundle) => Promise<Embedder>
  readonly logger: Logger
}): Promise<ModelPool> {
  const { defaultBundle, modelsFolder, openEmbedder, logger } = parts
  /** By fingerprint: embeddings are comparable where it is equal, whatever the bundle is called. */
  const embedders = new Map([
    [defaultBundle.manifest.fingerprint, Promise.resolve(await openEmbedder(defaultBundle))],
  ])
  /** By fingerprint, as the embedders. */
  const calibrations = new Map([
    [defaultBundle.manifest.fingerprint, Promise.resolve(defaultBundle.manifest.calibration ?? null)],
  ])
  let listing: Promise<readonly Bundle[]> | undefined

  const list = (): Promise<readonly Bundle[]> => {
    // Listing reads and verifies every file, so those who ask at the same time share it.
    listing ??= listAll().finally(() => {
      listing = undefined
    })
    return listing
  }

  const listAll = async (): Promise<readonly Bundle[]> => {
    const { bundles, broken } = await listBundles(modelsFolder).catch((error: unknown) => {
      logger.warn({ err: error }, 'the folder of models cannot be listed')
      return { bundles: [], broken: [] }
    })
    for (const { folder, error } of broken) logger.warn({ folder, err: error }, 'not a usable model')
    return [defaultBundle, ...bundles.filter(({ model }) => model !== defaultBundle.model)]
  }

  const find = async (name: string): Promise<Bundle> => pickBundle(await list(), name)

  const open = (bundle: Bundle): Promise<Embedder> => {
    const { fingerprint } = bundle.manifest
    const opened = embedders.get(fingerprint)
    if (opened !== undefined) return opened
    const opening = openEmbedder(bundle)
    embedders.set(fingerprint, opening)
    calibrations.set(fingerprint, Promise.resolve(bundle.manifest.calibration ?? null))
    // The next request may try again.
    opening.catch(() => embedders.delete(fingerprint))
    return opening
  }

  const findCalibration = async (name: string): Promise<Calibration | null> => {
    try {
      return (await find(name)).manifest.calibration ?? null
    } catch (thrown) {
      // Ready-made embeddings can be searched without the model that made them.
      if (toKindredError(thrown).code === 'MODEL_NOT_FOUND') return null
      throw thrown
    }
  }

  return {
    defaultModel: defaultBundle.model,
    list,
    find,
    card: ({ folder }) => readFile(path.join(folder, cardFile), 'utf8').catch(() => ''),
    embedderFor: async (name) => embedders.get(fingerprintIn(name) ?? '') ?? open(await find(name)),
    calibrationOf(name) {
      const fingerprint = fingerprintIn(name) ?? ''
      const known = calibrations.get(fingerprint) ?? findCalibration(name)
      calibrations.set(fingerprint, known)
      // The next search may try again.
      known.catch(() => calibrations.delete(fingerprint))
      return known
    },
    async close() {
      for (const opened of await Promise.allSettled(embedders.values())) {
        if (opened.status === 'fulfilled') await opened.value.close()
      }
    },
  }
}

/** The part after the `@` of `NAME@FINGERPRINT`. */
const fingerprintIn = (name: string): string | undefined => name.split('@')[1]
