import type { Client } from '../../../client/client.js'
import { readWithin } from '../../../collections/imports/read-picture.js'
import type { LabelledImage } from '../../../datasets/labelled-set.js'
import { cropWithoutLoss } from '../../../images/crop-without-loss.js'
import type { ImageLimits } from '../../../images/limits.js'
import type { EmbedFailure } from '../../../evaluation/embed-pictures.js'
import { patiently } from '../patience.js'
import { refusedPicture } from '../refused-picture.js'
import { pictureId } from '../retrieval/labelled-queries.js'
import { sideBySide } from '../side-by-side.js'

/** Metadata field that the class of a picture is put in. */
export const labelField = 'label'

export interface IndexGalleryOptions {
  /** Folder that ids are relative to. */
  readonly root: string
  readonly concurrency: number
  readonly limits: ImageLimits
  /** Most bytes of a picture that the server takes. */
  readonly imageBytes: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * Puts pictures into a collection, each with its class; of one with a box only what lies in the box, cut out here, for an item
 * is always a whole picture.
 *
 * @returns those that cannot be read, here or there; any other failure ends it
 */
export async function indexGallery(
  client: Client,
  collection: string,
  images: readonly LabelledImage[],
  options: IndexGalleryOptions,
): Promise<EmbedFailure[]> {
  const { root, concurrency, limits, imageBytes, onProgress, signal } = options
  let done = 0
  const failures = await sideBySide(
    images,
    concurrency,
    async (image) => {
      const failure = await putPicture(image).catch((thrown: unknown) => refusedPicture(image.path, thrown))
      onProgress?.(++done, images.length)
      return failure ?? []
    },
    signal,
  )
  return failures.flat()

  async function putPicture(image: LabelledImage): Promise<undefined> {
    const file = await readWithin({ file: image.path, name: image.path }, limits.maxBytes)
    const bytes = image.box === undefined ? file : await cropWithoutLoss(file, image.box, limits, imageBytes)
    const body = { image: new Blob([Uint8Array.from(bytes)]), metadata: { [labelField]: image.label } }
    const id = pictureId(image, root)
    await patiently(
      () => client.putItem({ path: { collection, id }, body, ...(signal && { signal }) }),
      signal,
    )
  }
}
