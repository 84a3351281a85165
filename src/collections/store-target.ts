import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type { RowContent } from '../datasets/catalogues/catalogue-row.js'
import type { Embedder } from '../embedding/embedder.js'
import { KindredError } from '../errors.js'
import { fetchesNothing, type PictureFetcher } from '../images/fetch/picture-fetcher.js'
import type { ImageLimits } from '../images/limits.js'
import { decodesHere, type PictureDecoder } from '../images/picture-decoder.js'
import type { KeepOptions } from '../images/picture-to-keep.js'
import type { Collection } from './collection.js'
import type { CollectionStore } from './collection-store.js'
import type { KeptPlaces, NewItem } from './item.js'
import type { ImportOutcome, ImportRow, ImportTarget } from './import-catalogue.js'
import { hashOfEmbedding } from './imports/embedding-hash.js'
import { keepLacking, keepPicture, type Kept } from './imports/keep-picture.js'
import { atHand, readPicture, type LocalPicture } from './imports/read-picture.js'
import { givenUp, rowErrorOf, rowErrorUnlessStopped } from './imports/row-error.js'
import { Slots } from './imports/slots.js'
import { toUnitLength } from './unit-length.js'

/** Pictures read and decoded at a time: enough for every core and the disk, and no more of their bytes in memory. */
const decodedAtOnce = availableParallelism() + 2

/** Pictures fetched at a time, which takes waiting and no core. */
const fetchedAtOnce = 16

/**
 * Imports into a store of this process, embedding here.
 *
 * @param embedder null for a collection without a model, which takes ready-made embeddings alone
 * @param parts how pictures are fetched, by default not at all, and where they are decoded, by default here
 */
export function createStoreTarget(
  store: CollectionStore,
  collection: Pick<Collection, 'name' | 'model' | 'dimensions' | 'keep' | 'thumbnailSide'>,
  embedder: Embedder | null,
  limits: ImageLimits,
  parts: { readonly fetcher?: Pick<PictureFetcher, 'fetch'>; readonly decoder?: PictureDecoder } = {},
): ImportTarget {
  const { fetcher = fetchesNothing, decoder = decodesHere } = parts
  const { name, model, dimensions } = collection
  const embeddedBy = model === null ? {} : { model }
  const keep = { keeping: collection, decoder }
  const slots = new Slots(decodedAtOnce)
  const fetchSlots = new Slots(fetchedAtOnce)
  /** Embeddings under way by content hash: the same bytes in rows close to each other are embedded once. */
  const underWay = new Map<string, Promise<Float32Array>>()

  const embed = async (input: Float32Array, { signal }: KeepOptions): Promise<Float32Array> => {
    const [embedding] = (await embedder?.embed([input], signal ? { signal } : {})) ?? []
    if (embedding !== undefined) return embedding
    throw new KindredError('EMBEDDER_FAILED', 'The embedder answered without an embedding')
  }

  /** Reads a picture, and prepares it for the network unless its embedding is known or under way. */
  const lookUp = async (
    embedder: Embedder,
    content: LocalPicture,
    known: KnownItem,
    options: KeepOptions,
  ): Promise<Found> => {
    // It may have waited for long.
    options.signal?.throwIfAborted()
    const read = await readPicture(content, limits.maxBytes)
    const { bytes, contentHash } = read
    if (contentHash === known.contentHash) {
      return { contentHash, embedding: null, kept: await keepLacking(read, known.kept, keep, options) }
    }
    const { embedding } = await embeddingOf(contentHash, bytes, embedder, options)
    // What is kept is made while the network is at work; its failure is awaited after that.
    embedding.catch(() => undefined)
    return { contentHash, embedding, kept: await keepPicture(read, keep, options) }
  }

  /** Found, or begun once the network's input is there; in an object, so that it is not awaited. */
  const embeddingOf = async (
    contentHash: string,
    bytes: Uint8Array,
    { input }: Embedder,
    options: KeepOptions,
  ): Promise<{ readonly embedding: Promise<Float32Array> }> => {
    const begun = underWay.get(contentHash)
    if (begun !== undefined) return { embedding: begun }
    const stored = (await store.embeddingsByContent(name, [contentHash])).get(contentHash)
    if (stored !== undefined) return { embedding: Promise.resolve(stored) }
    return { embedding: embedOnce(contentHash, await decoder.prepareInput(bytes, input, options), options) }
  }

  const embedOnce = (
    contentHash: string,
    input: Float32Array,
    options: KeepOptions,
  ): Promise<Float32Array> => {
    const begun = underWay.get(contentHash)
    if (begun !== undefined) return begun
    const embedding = embed(input, options)
    underWay.set(contentHash, embedding)
    // Nobody after it gets its failure, which may be that its import was stopped.
    embedding.catch(() => underWay.delete(contentHash))
    return embedding
  }

  const findPicture = (content: PictureContent, known: KnownItem, options: KeepOptions): Promise<Found> => {
    if (embedder === null) {
      throw new KindredError('INVALID_EMBEDDING', `${name} takes only ready-made embeddings, not pictures`)
    }
    if (content.kind !== 'url') return slots.run(() => lookUp(embedder, content, known, options))
    return fetchSlots.run(async () => {
      options.signal?.throwIfAborted()
      const picture = await atHand(content, fetcher, options.signal)
      return slots.run(() => lookUp(embedder, picture, known, options))
    })
  }

  const find = async ({ row }: ImportRow, known: KnownItem, options: KeepOptions): Promise<Found> => {
    const { content } = row
    if (content.kind !== 'embedding') return findPicture(content, known, options)
    const embedding = toUnitLength(content.values, dimensions)
    const contentHash = hashOfEmbedding(content.values)
    const unchanged = contentHash === known.contentHash
    return { contentHash, embedding: unchanged ? null : Promise.resolve(embedding), kept: null }
  }

  const prepare = async (
    one: ImportRow,
    known: KnownItem,
    since: string | null,
    options: KeepOptions,
  ): Promise<Prepared> => {
    const { row, metadata } = one
    const { contentHash, embedding, kept } = await find(one, known, options)
    const rest = { id: row.id, metadata, group: row.group, contentHash, ...kept }
    if (embedding !== null) return { outcome: 'embedded', item: { ...rest, embedding: await embedding } }
    const item = await store.getItem(name, row.id)
    const outcome = since !== null && item.updatedAt >= since ? 'embedded' : 'unchanged'
    const same = item.group === row.group && isDeepStrictEqual({ ...item.metadata }, { ...metadata })
    if (same && kept === null) return { outcome, item: null }
    const embeddingOfItem = await store.getEmbedding(name, row.id)
    return { outcome, item: { path: known.kept.path, ...rest, embedding: embeddingOfItem } }
  }

  /** What the store has of items before they are written. */
  const look = async (ids: readonly string[]): Promise<(id: string) => KnownItem> => {
    const [hashes, kept] = await Promise.all([
      store.contentHashes(name, ids),
      embedder === null ? new Map<string, KeptPlaces>() : store.keptOf(name, ids),
    ])
    return (id) => ({ contentHash: hashes.get(id) ?? null, kept: kept.get(id) ?? nothing })
  }

  /** All or none at first, then by halves, so that a single misfit (its metadata, say) costs only itself. */
  const write = async (prepared: readonly Prepared[]): Promise<ImportOutcome[]> => {
    const items = prepared.flatMap(({ item }) => (item === null ? [] : [item]))
    try {
      if (items.length > 0) await store.putItems(name, items, embeddedBy)
      return prepared.map(({ outcome }) => outcome)
    } catch (thrown) {
      const error = rowErrorOf(thrown)
      if (prepared.length === 1) return [error]
      const middle = Math.ceil(prepared.length / 2)
      return [...(await write(prepared.slice(0, middle))), ...(await write(prepared.slice(middle)))]
    }
  }

  return {
    async importChunk(rows, since, signal) {
      const options = { limits, ...(signal && { signal }) }
      const known = await look(rows.map(({ row }) => row.id))
      const settled = await Promise.all(
        rows.map((one) =>
          prepare(one, known(one.row.id), since, options).catch((thrown: unknown) =>
            rowErrorUnlessStopped(thrown, signal),
          ),
        ),
      )
      const taken = settled.filter((one) => one !== givenUp)
      const prepared = taken.flatMap((one) => (one instanceof KindredError ? [] : [one]))
      const written = await write(prepared)
      // From now on the store has them.
      for (const { item } of prepared) if (item?.contentHash != null) underWay.delete(item.contentHash)
      if (taken.length < settled.length) signal?.throwIfAborted()
      let next = 0
      return taken.map((one) => (one instanceof KindredError ? one : (written[next++] ?? one.outcome)))
    },
  }
}

type PictureContent = Exclude<RowContent, { kind: 'embedding' }>

const nothing: KeptPlaces = { path: null, picture: null }

interface KnownItem {
  /** null where there is no such item, or it has none that counts. */
  readonly contentHash: string | null
  readonly kept: KeptPlaces
}

interface Found {
  readonly contentHash: string
  /** null where the item has it already. */
  readonly embedding: Promise<Float32Array> | null
  /** null where nothing is to be kept beside what is kept already. */
  readonly kept: Kept | null
}

interface Prepared {
  readonly outcome: 'embedded' | 'unchanged'
  /** What has to be written; null where the store has it already. */
  readonly item: NewItem | null
}
