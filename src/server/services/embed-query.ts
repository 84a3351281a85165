import { combineExamples } from '../../collections/combine-examples.js'
import type { Collection } from '../../collections/collection.js'
import type { CollectionStore } from '../../collections/collection-store.js'
import { toUnitLength } from '../../collections/unit-length.js'
import { KindredError } from '../../errors.js'
import type { CropBox } from '../../images/crop-box.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { GivenPicture, PictureService } from './picture-service.js'

/** A picture, an item of the collection, or an embedding. */
export type Example =
  { readonly picture: GivenPicture } | { readonly itemId: string } | { readonly embedding: Float32Array }

/** Something like the positive examples, at least one, and unlike the negative ones. */
export interface Examples {
  readonly positive: readonly Example[]
  readonly negative: readonly Example[]
}

/** What is looked for. */
export type Query = Example | Examples

export interface EmbeddedQuery {
  readonly embedding: Float32Array
  /** Items that it was made from. */
  readonly excludeIds: readonly string[]
  /** Milliseconds; of several pictures those of the slowest. */
  readonly decode: number
  readonly embed: number
}

/** What a query is embedded with. */
export interface QueryContext {
  readonly collection: Collection
  readonly store: CollectionStore
  readonly pictures: PictureService
  /** The part of the picture that counts; null for all of it. */
  readonly crop: CropBox | null
  readonly signal: AbortSignal
}

/**
 * One embedding for a query of any kind.
 *
 * @throws KindredError ITEM_NOT_FOUND, INVALID_EMBEDDING, IMAGE_*, MODEL_NOT_FOUND, MODEL_MISMATCH, EMBEDDER_*; the message
 * names the example that is at fault
 */
export async function embedQuery(query: Query, context: QueryContext): Promise<EmbeddedQuery> {
  if (!('positive' in query)) return embedExample(query, context)
  const [positive, negative] = await Promise.all([
    embedAll('positive', query.positive, context),
    embedAll('negative', query.negative, context),
  ])
  const all = [...positive, ...negative]
  return {
    embedding: combineExamples(
      positive.map(({ embedding }) => embedding),
      negative.map(({ embedding }) => embedding),
      context.collection.dimensions,
    ),
    excludeIds: [...new Set(all.flatMap(({ excludeIds }) => excludeIds))],
    decode: Math.max(...all.map(({ decode }) => decode)),
    embed: Math.max(...all.map(({ embed }) => embed)),
  }
}

const embedAll = (
  side: keyof Examples,
  examples: readonly Example[],
  context: QueryContext,
): Promise<EmbeddedQuery[]> =>
  Promise.all(
    examples.map((example, at) =>
      embedExample(example, context).catch((thrown: unknown) => {
        throw atPlace(`${side}.${at}`, thrown)
      }),
    ),
  )

async function embedExample(
  example: Example,
  { collection, store, pictures, crop, signal }: QueryContext,
): Promise<EmbeddedQuery> {
  if ('embedding' in example) {
    const embedding = toUnitLength(example.embedding, collection.dimensions)
    return { embedding, excludeIds: [], decode: 0, embed: 0 }
  }
  if ('itemId' in example) {
    const embedding = await store.getEmbedding(collection.name, example.itemId).catch(asItemId)
    return { embedding, excludeIds: [example.itemId], decode: 0, embed: 0 }
  }
  const options = { signal, ...(crop !== null && { crop }) }
  const { embedding, timings } = await pictures.embedFor(collection, example.picture, options)
  return { embedding, excludeIds: [], ...timings }
}

/** What the store calls an id, a query calls itemId. */
function asItemId(thrown: unknown): never {
  if (thrown instanceof KindredError && thrown.field === 'id') {
    throw new InvalidFieldError('itemId', thrown.message.replace(' for id ', ' for itemId '), {
      cause: thrown,
    })
  }
  throw thrown
}

/** The same error, with the example that it came from. */
function atPlace(place: string, thrown: unknown): unknown {
  if (!(thrown instanceof KindredError)) return thrown
  const { code, message, hint } = thrown
  const field = thrown.field === undefined ? place : `${place}.${thrown.field}`
  const options = { cause: thrown, ...(hint !== undefined && { hint }) }
  if (thrown instanceof InvalidFieldError) return new InvalidFieldError(field, message, options)
  return new KindredError(code, `${place}: ${message}`, { ...options, field })
}
