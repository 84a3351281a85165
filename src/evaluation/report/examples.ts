import type { LabelledImage } from '../../datasets/labelled-set.js'
import type { EmbedSetResult } from '../embed-set.js'
import { unitRows } from '../embedded-set.js'
import { exactSearch } from '../exact-search.js'
import { bestAndWorst, examplesOfEachSide } from './best-and-worst.js'
import { findOwnRows } from '../find-own-rows.js'
import type { PerQuery } from '../retrieval-metrics.js'

/** A query and what it found. */
export interface Example {
  readonly image: LabelledImage
  readonly mapAtR: number
  readonly answers: readonly ExampleAnswer[]
}

export interface ExampleAnswer {
  readonly image: LabelledImage
  readonly score: number
  readonly right: boolean
}

const shownAnswers = 6

/**
 * The queries with the highest and the lowest MAP@R, one a class, and their nearest answers. Of equals the better one
 * is surer of its right answer, the worse one of its wrong one.
 */
export async function findExamples(
  queries: EmbedSetResult,
  gallery: EmbedSetResult,
  perQuery: PerQuery,
  shown: number,
): Promise<{ best: Example[]; worst: Example[] }> {
  const each = examplesOfEachSide(new Set(perQuery.labels).size, shown)
  const order = [...perQuery.rows.keys()].sort(
    (a, b) => (perQuery.mapAtR[a] ?? 0) - (perQuery.mapAtR[b] ?? 0),
  )
  const candidates = 40 * each
  const lowest = await answersOf(queries, gallery, perQuery, order.slice(0, candidates))
  const highest = await answersOf(queries, gallery, perQuery, order.slice(-candidates))
  return bestAndWorst(lowest, highest, each, ({ image }) => image.label)
}

async function answersOf(
  queries: EmbedSetResult,
  gallery: EmbedSetResult,
  perQuery: PerQuery,
  chosen: readonly number[],
): Promise<Example[]> {
  const rows = chosen.map((n) => perQuery.rows[n] ?? 0)
  const { dimensions } = queries
  const unit = unitRows(queries, 'queries')
  const asked = new Float32Array(rows.length * dimensions)
  rows.forEach((row, n) => {
    asked.set(unit.subarray(row * dimensions, (row + 1) * dimensions), n * dimensions)
  })
  const own = findOwnRows(queries, gallery)
  const examples: Example[] = []
  await exactSearch(
    { queries: asked, gallery: gallery === queries ? unit : unitRows(gallery, 'gallery'), dimensions },
    {
      depth: () => shownAnswers,
      own: Int32Array.from(rows, (row) => own[row] ?? -1),
      onAnswer: (n, { rows: found, scores }) => {
        const image = queries.images[rows[n] ?? 0]
        if (image === undefined) return
        const answers = Array.from(found, (row, place) => {
          const answer = gallery.images[row]
          return answer === undefined
            ? []
            : [{ image: answer, score: scores[place] ?? NaN, right: answer.label === image.label }]
        }).flat()
        examples.push({ image, mapAtR: perQuery.mapAtR[chosen[n] ?? 0] ?? NaN, answers })
      },
    },
  )
  return examples
}
