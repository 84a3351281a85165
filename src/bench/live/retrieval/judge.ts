import type { BenchQuery } from './query.js'
import type { Gallery } from './gallery.js'

/** How a query's own picture is recognised in the collection. */
export type OwnBy = 'id' | 'id-or-hash'

/** What counts as a right answer to one query. */
export interface Judgement {
  readonly right: ReadonlySet<string>
  /** Items that are the query itself: in no answer, and none of the right ones. */
  readonly own: ReadonlySet<string>
  /** Right items that the collection does not have. */
  readonly absent: number
}

export function judge(
  { id, asks, label, relevant }: BenchQuery,
  contentHash: string | null,
  gallery: Gallery,
  ownBy: OwnBy,
): Judgement {
  const same = contentHash === null || ownBy === 'id' ? [] : (gallery.byHash.get(contentHash) ?? [])
  const named = 'itemId' in asks ? asks.itemId : id
  const own = new Set([...same, ...(gallery.labels.has(named) ? [named] : [])])
  const wanted = relevant ?? (label === null ? [] : (gallery.byLabel.get(label) ?? []))
  const there = wanted.filter((one) => gallery.labels.has(one))
  return {
    right: new Set(there.filter((one) => !own.has(one))),
    own,
    absent: wanted.length - there.length,
  }
}
