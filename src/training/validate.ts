import { KindredError } from '../errors.js'
import { retrievalMetrics } from '../evaluation/retrieval-metrics.js'
import { joinRows } from '../evaluation/join-rows.js'
import { embedExamples, type EmbedOptions } from './embed-examples.js'
import type { Examples } from './examples.js'
import type { Student } from './student.js'

/** Retrieval among the validation pictures, as shares of 1. */
export interface ValidationFigures {
  readonly recallAt1: number
  readonly mapAtR: number
  readonly rPrecision: number
  /** Queries that have another picture of their class. */
  readonly queries: number
  readonly classes: number
}

/**
 * Recall@1, MAP@R and R-precision of the student, each picture asked for among all the others.
 *
 * @returns null where no picture has another of its class to find
 * @throws KindredError TRAINING_DIVERGED when an embedding is not a number or zero; the signal's reason when aborted
 */
export async function validate(
  student: Student,
  examples: Examples,
  options: EmbedOptions = {},
): Promise<ValidationFigures | null> {
  const rows = await embedExamples(student, examples, options)
  const { dimensions } = student
  const embeddings = joinRows(rows, dimensions)
  if (!rows.every(hasDirection)) {
    throw new KindredError('TRAINING_DIVERGED', 'The network no longer gives every picture an embedding')
  }
  const labels = examples.images.map((image) => image.label)
  const metrics = await retrievalMetrics({ queries: { embeddings, dimensions, labels }, ks: [1] })
  if (metrics.counts.queries === 0) return null
  return {
    recallAt1: metrics.recall['1'] ?? NaN,
    mapAtR: metrics.mapAtR,
    rPrecision: metrics.rPrecision,
    queries: metrics.counts.queries,
    classes: metrics.counts.classes,
  }
}

/** False for NaN and for all zeros, which a network of dead units gives. */
const hasDirection = (row: Float32Array): boolean => row.reduce((sum, value) => sum + value * value, 0) > 0.5
