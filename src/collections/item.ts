import type { KeptPicture } from '../images/picture-to-keep.js'

export type MetadataValue = string | number | boolean | null | readonly (string | number | boolean)[]
export type Metadata = Readonly<Record<string, MetadataValue>>

export interface NewItem {
  /** 1 to 512 bytes of UTF-8, no control characters, not `.` or `..`. */
  readonly id: string
  /** `dimensions` finite numbers, not all zero; stored at unit length. */
  readonly embedding: Float32Array
  readonly metadata?: Metadata
  /** Several pictures of one product share a group. */
  readonly group?: string | null
  /** SHA-256 in hex of the picture's bytes, or of a ready-made embedding's that was imported; null where not known. */
  readonly contentHash?: string | null
  /** What is to be kept of the picture; items of one content hash share it. Absent, what is kept of it already stays. */
  readonly picture?: KeptPicture | null
  /**
   * Absolute path of the file that the picture was read from by this program; never what a client sent. Only where the
   * collection keeps paths.
   */
  readonly path?: string | null
  /** Given where the embedding was made from a thumbnail and not from the picture itself. */
  readonly embeddedFrom?: 'thumbnail'
}

/** Where something is kept of an item's picture. */
export interface KeptPlaces {
  readonly path: string | null
  readonly picture: KeptPicture['kind'] | null
}

/** What is kept of one item's picture. */
export interface KeptItem {
  readonly contentHash: string | null
  /** Where the picture lay when it was indexed; what lies there now may be another. */
  readonly path: string | null
  readonly picture: KeptPicture | null
}

export interface ItemPatch {
  /** A value of null removes the field. */
  readonly metadata?: Metadata
  readonly group?: string | null
}

export interface Item {
  readonly id: string
  readonly group: string | null
  readonly metadata: Metadata
  readonly contentHash: string | null
  /** RFC 3339, UTC. */
  readonly updatedAt: string
  /** What is kept of its picture; absent where nothing is. */
  readonly kept?: readonly (KeptPicture['kind'] | 'path')[]
  /** Set where its embedding was made from the kept thumbnail, which is not quite that of the picture. */
  readonly embeddedFrom?: 'thumbnail'
}

export interface VersionedItem extends Item {
  /** Opaque, printable ASCII without quotes: another after each change of the item, and that of no other state. */
  readonly version: string
}

export interface PutResult {
  readonly item: VersionedItem
  readonly created: boolean
}
