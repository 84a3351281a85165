import type { Picture } from '../../../evaluation/embed-pictures.js'

/** A query whose right answers are known. */
export interface BenchQuery {
  /** The same in every run on the same data: runs are compared by it. An item of this id is the query itself. */
  readonly id: string
  readonly asks: { readonly picture: Picture } | { readonly itemId: string }
  /** Class that figures are grouped by; null where it has none. */
  readonly label: string | null
  /** Ids of the right items; null where these are all items of its class. */
  readonly relevant: readonly string[] | null
}
