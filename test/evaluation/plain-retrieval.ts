import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'

export interface PlainScores {
  readonly row: number
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
}

/** The definitions word for word, everything sorted, nothing shared with the code under test. */
export function plainRetrieval(
  queries: EmbeddedSet,
  gallery: EmbeddedSet,
  ks: readonly number[],
): PlainScores[] {
  const unit = (set: EmbeddedSet, row: number): number[] => {
    const values = [...set.embeddings.slice(row * set.dimensions, (row + 1) * set.dimensions)]
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
    return values.map((value) => Math.fround(value / length))
  }
  const answers: PlainScores[] = []
  queries.labels.forEach((label, q) => {
    const query = unit(queries, q)
    const ranked = gallery.labels
      .map((other, g) => ({
        g,
        hit: other === label,
        score: unit(gallery, g).reduce((sum, value, d) => sum + value * (query[d] ?? 0), 0),
        own: gallery === queries ? g === q : gallery.ids !== undefined && gallery.ids[g] === queries.ids?.[q],
      }))
      .filter(({ own }) => !own)
      .sort((a, b) => b.score - a.score || a.g - b.g)
    const r = ranked.filter(({ hit }) => hit).length
    if (r === 0) return
    const precisionAt = (i: number): number => ranked.slice(0, i).filter(({ hit }) => hit).length / i
    let mapAtR = 0
    for (let i = 1; i <= r; i++) if (ranked[i - 1]?.hit === true) mapAtR += precisionAt(i) / r
    answers.push({
      row: q,
      recall: Object.fromEntries(ks.map((k) => [k, ranked.slice(0, k).some(({ hit }) => hit) ? 1 : 0])),
      rPrecision: precisionAt(r),
      mapAtR,
    })
  })
  return answers
}
