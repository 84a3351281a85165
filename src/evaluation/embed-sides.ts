import type { LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { embedSet, type EmbedFailure, type EmbedSetOptions, type EmbedSetResult } from './embed-set.js'

export interface EmbedSidesOptions extends EmbedSetOptions {
  /** Looked through instead of the other queries; labels mean the same in both. */
  readonly gallery?: LabelledSet
}

export interface EmbeddedSides {
  readonly queries: EmbedSetResult
  /** Absent where every query is looked for among the other queries. */
  readonly gallery?: EmbedSetResult
  /** Of both. */
  readonly failures: readonly EmbedFailure[]
}

/**
 * Embeds what asks and what is looked through. Where the set marks queries and gallery (`is_query`, `is_gallery`),
 * those are the sides, unless a gallery is given.
 *
 * @throws KindredError as `embedSet`
 */
export async function embedSides(
  embedder: Embedder,
  set: LabelledSet,
  options: EmbedSidesOptions,
): Promise<EmbeddedSides> {
  const { gallery: given, onProgress, ...rest } = options
  const sides = splitRoles(set, given)
  const total = sides.queries.images.length + (sides.gallery?.images.length ?? 0)
  const embed = (side: LabelledSet, before: number): Promise<EmbedSetResult> =>
    embedSet(embedder, side, {
      ...rest,
      ...(onProgress && {
        onProgress: (done) => {
          onProgress(before + done, total)
        },
      }),
    })
  const queries = await embed(sides.queries, 0)
  if (sides.gallery === undefined) return { queries, failures: queries.failures }
  const gallery = await embed(sides.gallery, sides.queries.images.length)
  return { queries, gallery, failures: [...queries.failures, ...gallery.failures] }
}

function splitRoles(
  set: LabelledSet,
  gallery?: LabelledSet,
): { queries: LabelledSet; gallery?: LabelledSet } {
  const marked = set.images.some((image) => image.isQuery !== undefined || image.isGallery !== undefined)
  if (!marked) return { queries: set, ...(gallery && { gallery }) }
  return {
    queries: { ...set, images: set.images.filter((image) => image.isQuery === true) },
    gallery: gallery ?? { ...set, images: set.images.filter((image) => image.isGallery === true) },
  }
}
