import type { LabelledImage, LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { embedPictures, type EmbeddedPictures, type EmbedOptions, type Picture } from './embed-pictures.js'
import type { EmbeddedSet } from './embedded-set.js'

export interface EmbedSetResult extends EmbeddedSet, EmbeddedPictures<LabelledImage> {
  readonly ids: readonly string[]
}

/**
 * Embeds every picture of a labelled set.
 *
 * @throws KindredError as `embedPictures`
 */
export async function embedSet(
  embedder: Embedder,
  set: LabelledSet,
  options: EmbedOptions = {},
): Promise<EmbedSetResult> {
  const embedded = await embedPictures(embedder, set.images, options)
  const { images } = embedded
  return { ...embedded, labels: images.map(({ label }) => label), ids: images.map(imageId) }
}

/** Which picture it is: two boxes of one file are two pictures. */
export function imageId({ path, box }: Picture): string {
  return box === undefined ? path : `${path}#${box.x0},${box.y0},${box.x1},${box.y1}`
}
