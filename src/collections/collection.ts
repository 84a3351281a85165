import type { Keep } from '../images/picture-to-keep.js'

export interface HnswSettings {
  readonly m: number
  readonly efConstruction: number
  /** Default breadth of a search; a query may ask for another. */
  readonly ef: number
}

export type FieldType = 'string' | 'number' | 'boolean' | 'date'

export interface CollectionSpec {
  /** `NAME@FINGERPRINT`; null for a collection that takes only ready-made embeddings. */
  readonly model: string | null
  readonly dimensions: number
  /** Types of metadata fields; a field not named here takes the type of its first value. */
  readonly fields?: Readonly<Record<string, FieldType>>
  readonly hnsw?: Partial<HnswSettings>
  /** What is kept of pictures for a later change of model; thumbnails where absent. */
  readonly keep?: Keep
  /** Shorter side of thumbnails, in pixels; 320 where absent. */
  readonly thumbnailSide?: number
  /** Whether the model's calibration holds for what is in it, so that answers tell probabilities; true where absent. */
  readonly probabilities?: boolean
}

/** What can change of a collection that has items; what is absent stays as it is. */
export interface CollectionPatch {
  /** Types of fields that have none yet. */
  readonly fields?: Readonly<Record<string, FieldType>>
  readonly hnsw?: Partial<Pick<HnswSettings, 'ef'>>
  /** Of pictures that are written from now on. */
  readonly keep?: Keep
  readonly thumbnailSide?: number
  readonly probabilities?: boolean
}

export interface Collection {
  readonly name: string
  readonly model: string | null
  readonly dimensions: number
  readonly fields: Readonly<Record<string, FieldType>>
  readonly hnsw: HnswSettings
  readonly keep: Keep
  readonly thumbnailSide: number
  readonly probabilities: boolean
  readonly counts: { readonly items: number; readonly groups: number }
  /** RFC 3339 time of the newest write; null while nothing was written. */
  readonly indexedAt: string | null
}

export interface CollectionSize {
  /** Of all its files. */
  readonly diskBytes: number
  /** Points of the graph that searches walk, deleted ones included; null where the collection was not asked for yet. */
  readonly graphPoints: number | null
}
