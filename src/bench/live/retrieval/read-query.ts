import { hashOfBytes, readWithin } from '../../../collections/imports/read-picture.js'
import type { ImageLimits } from '../../../images/limits.js'
import { cropShares } from './crop-shares.js'
import type { BenchQuery } from './query.js'

/** A query as the API takes it. */
export type SearchBody =
  { readonly itemId: string } | { readonly image: Blob; readonly crop?: [number, number, number, number] }

/** A query, read from disk. */
export interface ReadQuery {
  readonly body: SearchBody
  /** SHA-256 of the picture file in hex; null where an item asks. */
  readonly contentHash: string | null
}

/** @throws KindredError IMAGE_UNREADABLE, IMAGE_TOO_LARGE; as `cropShares` */
export async function readQuery({ asks }: BenchQuery, limits: ImageLimits): Promise<ReadQuery> {
  if ('itemId' in asks) return { body: { itemId: asks.itemId }, contentHash: null }
  const { path, box } = asks.picture
  const bytes = await readWithin({ file: path, name: path }, limits.maxBytes)
  const image = new Blob([Uint8Array.from(bytes)])
  const contentHash = hashOfBytes(bytes)
  if (box === undefined) return { body: { image }, contentHash }
  return { body: { image, crop: [...(await cropShares(box, bytes, limits))] }, contentHash }
}
