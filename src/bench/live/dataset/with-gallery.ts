import { randomBytes } from 'node:crypto'
import type { Client } from '../../../client/client.js'
import type { LabelledImage } from '../../../datasets/labelled-set.js'
import { KindredError } from '../../../errors.js'
import type { EmbedFailure } from '../../../evaluation/embed-pictures.js'
import type { AboutServer } from '../about-server.js'
import { patiently } from '../patience.js'
import { indexGallery, type IndexGalleryOptions } from './index-gallery.js'

export interface GalleryOptions extends Omit<IndexGalleryOptions, 'imageBytes'> {
  readonly about: AboutServer
  /** What the collection's name begins with. */
  readonly name: string
  /** As the server calls it; null for its own. */
  readonly model: string | null
  /** Whether the collection stays. */
  readonly keep: boolean
  /** Told where measuring fails and the collection stays: whether all that can be read is in it. */
  readonly onKept?: (collection: string, whole: boolean) => void
  /** Told before the collection is removed. */
  readonly onRemoving?: (collection: string) => void
  /** Told where it could not be removed: what was measured is not lost for that. */
  readonly onLeft?: (collection: string, thrown: unknown) => void
}

/** Sides of the pictures that a report shows: what is kept is thrown away with the collection. */
const thumbnailSide = 128

/**
 * Indexes pictures into a collection of its own, lets it be used, and removes it, whatever happens, unless it is to be kept.
 *
 * @throws KindredError what the server says
 */
export async function withGallery<T>(
  client: Client,
  images: readonly LabelledImage[],
  options: GalleryOptions,
  use: (collection: string, failures: readonly EmbedFailure[]) => Promise<T>,
): Promise<T> {
  const { about, name, model, keep, onKept, onRemoving, onLeft } = options
  // Not after an hour of indexing.
  if (!keep && !about.removes) {
    throw new KindredError('FORBIDDEN', 'This key may not remove the collection afterwards', {
      hint: 'Take one with the scope admin, or let the collection stay: --keep.',
    })
  }
  // No collection of the user's is ever written to: another name each time.
  const collection = `bench-${name}-${randomBytes(4).toString('hex')}`
  await client.putCollection({
    path: { collection },
    body: { keep: 'thumbnail', thumbnailSide, ...(model !== null && { model }) },
  })
  let whole = false
  try {
    const failures = await indexGallery(client, collection, images, {
      ...options,
      imageBytes: about.imageBytes,
    })
    whole = true
    return await use(collection, failures)
  } catch (thrown) {
    if (keep) onKept?.(collection, whole)
    throw thrown
  } finally {
    if (!keep) {
      onRemoving?.(collection)
      await patiently(() => client.deleteCollection({ path: { collection } })).catch((thrown: unknown) => {
        onLeft?.(collection, thrown)
      })
    }
  }
}
