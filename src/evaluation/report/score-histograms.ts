import { createRandom } from '../../datasets/random.js'
import { unitRows, type EmbeddedSet } from '../embedded-set.js'
import { findOwnRows } from '../find-own-rows.js'

export interface ScoreHistograms {
  /** Lower edge of each bin; bins are equally wide. */
  readonly edges: readonly number[]
  readonly width: number
  /** Share of the pairs of one class, and of the pairs of two, in each bin. */
  readonly same: readonly number[]
  readonly different: readonly number[]
  readonly pairs: { readonly same: number; readonly different: number }
  readonly thresholds: readonly ScoreThreshold[]
}

/** What a lowest score would keep and let through, as shares of 1. */
export interface ScoreThreshold {
  readonly score: number
  readonly same: number
  readonly different: number
}

const bins = 50
const mostPairs = 100_000
const keptShares = [0.99, 0.95, 0.9, 0.75, 0.5]

/** How scores of the same and of different classes spread: seeded pairs of a query and a gallery row, of each kind. */
export function scoreHistograms(queries: EmbeddedSet, gallery: EmbeddedSet, seed: number): ScoreHistograms {
  const random = createRandom(seed)
  const asked = unitRows(queries, 'queries')
  const searched = gallery === queries ? asked : unitRows(gallery, 'gallery')
  const own = findOwnRows(queries, gallery)
  const members = new Map<string, number[]>()
  gallery.labels.forEach((label, row) => {
    const known = members.get(label)
    if (known === undefined) members.set(label, [row])
    else known.push(row)
  })
  const score = (query: number, row: number): number => {
    const { dimensions } = queries
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      sum += (asked[query * dimensions + d] ?? 0) * (searched[row * dimensions + d] ?? 0)
    }
    return sum
  }
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)]
  const rows = [...gallery.labels.keys()]
  const scores = { same: [] as number[], different: [] as number[] }
  for (let n = 0; n < mostPairs; n++) {
    const query = Math.floor(random() * queries.labels.length)
    const label = queries.labels[query] ?? ''
    const alike = pick(members.get(label) ?? [])
    if (alike !== undefined && alike !== own[query]) scores.same.push(score(query, alike))
    const other = pick(rows)
    if (other !== undefined && gallery.labels[other] !== label) scores.different.push(score(query, other))
  }
  return histograms(scores)
}

function histograms({ same, different }: { same: number[]; different: number[] }): ScoreHistograms {
  const all = [...same, ...different]
  const low = Math.floor(20 * all.reduce((least, score) => Math.min(least, score), 1)) / 20
  const width = (1 - low) / bins
  const count = (scores: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0)
    for (const score of scores) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor((score - low) / width)))
      counts[bin] = (counts[bin] ?? 0) + 1 / scores.length
    }
    return counts
  }
  return {
    edges: Array.from({ length: bins }, (_, bin) => low + bin * width),
    width,
    same: count(same),
    different: count(different),
    pairs: { same: same.length, different: different.length },
    thresholds: same.length === 0 ? [] : keptShares.map((kept) => thresholdOf(same, different, kept)),
  }
}

/** The highest score that keeps at least this share of the pairs of one class. */
function thresholdOf(same: readonly number[], different: readonly number[], kept: number): ScoreThreshold {
  const falling = [...same].sort((a, b) => b - a)
  const score = falling[Math.ceil(kept * falling.length) - 1] ?? NaN
  const share = (scores: readonly number[]): number =>
    scores.filter((each) => each >= score).length / scores.length
  return { score, same: share(same), different: share(different) }
}
