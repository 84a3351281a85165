import type { EmbeddedSet } from './embedded-set.js'

/** For each query the gallery row that is the query itself, or -1. */
export function findOwnRows(queries: EmbeddedSet, gallery: EmbeddedSet): Int32Array {
  if (gallery === queries) return Int32Array.from(queries.labels.keys())
  const rowOf = new Map((gallery.ids ?? []).map((id, row) => [id, row]))
  return Int32Array.from(queries.labels, (_, row) => rowOf.get(queries.ids?.[row] ?? '') ?? -1)
}
