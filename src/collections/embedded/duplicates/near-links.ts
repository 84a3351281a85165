import type { EmbeddingIndex } from '../embedding-index.js'
import type { Database } from '../versioned-database.js'

/** Two embeddings that are alike enough, by their labels. */
export type Link = readonly [label: number, other: number, similarity: number]

/** What one stretch of looking found. */
export interface FoundLinks {
  readonly links: readonly Link[]
  /** Labels that several items share, and how many. */
  readonly shared: readonly (readonly [label: number, items: number])[]
  /** Items looked at. */
  readonly items: number
  /** The label after which to go on; null where all have been looked at. */
  readonly next: number | null
}

const firstNeighbours = 16
/** Neighbours of one embedding that are looked at, at most: what has more of them is linked through these. */
const mostNeighbours = 1024

/**
 * Looks, from a label on, for embeddings whose cosine similarity is at least `threshold`, until a deadline
 * (performance.now()); one embedding at least. Through the search graph where a search would take it, so that a few links
 * may be missed then; exactly in small collections.
 */
export function nearLinks(
  database: Database,
  index: EmbeddingIndex,
  { after, threshold, ef, deadline }: { after: number; threshold: number; ef: number; deadline: number },
): FoundLinks {
  const labels = database
    .prepare<[number], { label: number; items: number }>(
      'SELECT label, count(*) AS items FROM items WHERE label > ? GROUP BY label ORDER BY label',
    )
    .iterate(after)
  const links: Link[] = []
  const shared: (readonly [number, number])[] = []
  let looked = 0
  for (const { label, items } of labels) {
    looked += items
    if (items > 1) shared.push([label, items])
    links.push(...linksOf(label, index, threshold, ef))
    if (performance.now() >= deadline) return { links, shared, items: looked, next: label }
  }
  return { links, shared, items: looked, next: null }
}

function linksOf(label: number, index: EmbeddingIndex, threshold: number, ef: number): Link[] {
  const embedding = index.table.row(label)
  for (let k = firstNeighbours; ; k *= 4) {
    const { candidates } = index.nearest(embedding, k + 1, { exact: false, ef, among: null })
    const farthest = candidates.at(-1)?.score ?? -1
    if (farthest >= threshold && k < mostNeighbours && candidates.length < index.table.size) continue
    return candidates
      .filter(({ label: other, score }) => other !== label && score >= threshold)
      .map(({ label: other, score }) => [label, other, score] as const)
  }
}
