import type { LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { expected } from '../errors.js'
import type { EmbedFailure, EmbedOptions } from './embed-pictures.js'
import { embedSet, imageId, type EmbedSetResult } from './embed-set.js'
import { joinRows } from './join-rows.js'
import type { Matrix } from './read-npy.js'

export interface EmbedSidesOptions extends EmbedOptions {
  /** Looked through instead of the other queries; labels mean the same in both. */
  readonly gallery?: LabelledSet
  /** Embeddings at hand, one row for each picture of the set: nothing is embedded, and no picture read. */
  readonly embeddings?: Matrix
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
 * @throws KindredError as `embedSet`; INVALID_ARGUMENT for embeddings that do not line up with the set
 */
export async function embedSides(
  embedder: Embedder,
  set: LabelledSet,
  options: EmbedSidesOptions,
): Promise<EmbeddedSides> {
  const { gallery: given, embeddings, onProgress, ...rest } = options
  const sides = splitRoles(set, given)
  if (embeddings !== undefined) return takeSides(set, sides, embeddings)
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

/** @throws KindredError INVALID_ARGUMENT where rows and pictures do not line up, or a gallery lies elsewhere */
function takeSides(
  set: LabelledSet,
  { queries, gallery }: { queries: LabelledSet; gallery?: LabelledSet },
  { rows, columns, values }: Matrix,
): EmbeddedSides {
  if (rows !== set.images.length) {
    throw expected(`a row for each of the ${set.images.length} pictures of ${set.name}`, '--embeddings', rows)
  }
  const rowOf = new Map(set.images.map((image, row) => [image, row]))
  const take = ({ images }: LabelledSet): EmbedSetResult => ({
    embeddings: joinRows(
      images.map((image) => {
        const row = rowOf.get(image)
        if (row === undefined) throw expected('a gallery within the set', '--gallery', image.path)
        return values.subarray(row * columns, (row + 1) * columns)
      }),
      columns,
    ),
    dimensions: columns,
    labels: images.map(({ label }) => label),
    ids: images.map(imageId),
    images,
    failures: [],
  })
  return { queries: take(queries), ...(gallery && { gallery: take(gallery) }), failures: [] }
}

/** What asks and what is looked through: as the set marks it, or a gallery beside it. */
export function splitRoles(
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
