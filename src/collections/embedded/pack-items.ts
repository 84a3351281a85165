import path from 'node:path'
import { expected } from '../../errors.js'
import type { KeptPicture } from '../../images/picture-to-keep.js'
import type { NewItem, PutResult } from '../item.js'
import { checkMetadata } from '../metadata.js'
import { checkContentHash, checkGroup, checkItemId } from '../names.js'
import { checkNoneTwice } from '../ranges.js'
import { writeUnitLength } from '../unit-length.js'
import type { PutOutcome, PutRow } from './collection-calls.js'
import { versionOf } from './item-rows.js'

/**
 * Checks items and makes of them what goes to the thread of their collection.
 *
 * @returns embeddings one after the other, unit length, in the order of the rows
 * @throws KindredError INVALID_ARGUMENT, INVALID_EMBEDDING, INVALID_METADATA
 */
export function packItems(
  items: readonly NewItem[],
  dimensions: number,
): { rows: PutRow[]; embeddings: Float32Array } {
  const rows = items.map(toRow)
  checkNoneTwice(rows.map(({ id }) => id))
  // Packed: to send a view would send the whole buffer under it, which may be that of a far larger batch.
  const embeddings = new Float32Array(items.length * dimensions)
  for (const [index, { embedding }] of items.entries()) {
    writeUnitLength(embedding, dimensions, embeddings, index * dimensions)
  }
  return { rows, embeddings }
}

/** What became of the rows, as the store says it. */
export function toPutResults(
  rows: readonly PutRow[],
  { updatedAt, write, outcomes }: PutOutcome,
): PutResult[] {
  return rows.map(({ id, group, metadata, contentHash, embeddedFrom }, index) => {
    const { created = false, kept = [] } = outcomes[index] ?? {}
    const item = {
      id,
      group,
      metadata,
      contentHash,
      updatedAt,
      ...(kept.length > 0 && { kept }),
      ...(embeddedFrom !== undefined && { embeddedFrom }),
    }
    return { item: { ...item, version: versionOf(write, item) }, created }
  })
}

function toRow(item: NewItem): PutRow {
  const { id, group = null, contentHash = null, picture = null, path: file = null, embeddedFrom } = item
  checkItemId(id)
  checkGroup(group)
  checkContentHash(contentHash)
  if (file !== null && !path.isAbsolute(file)) throw expected('null or an absolute path', 'path', file)
  if (picture !== null && contentHash === null) {
    throw expected('a content hash beside a picture', 'contentHash', contentHash)
  }
  return {
    id,
    group,
    metadata: checkMetadata(item.metadata ?? {}, id),
    contentHash,
    path: file,
    picture: picture && ownBytes(picture),
    ...(embeddedFrom !== undefined && { embeddedFrom }),
  }
}

/** To send a view would send the whole buffer under it. */
const ownBytes = (picture: KeptPicture): KeptPicture =>
  picture.bytes.byteLength === picture.bytes.buffer.byteLength
    ? picture
    : { ...picture, bytes: Uint8Array.from(picture.bytes) }
