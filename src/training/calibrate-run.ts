import type { Calibration } from '../bundles/calibration.js'
import { calibrateIfPossible } from '../evaluation/calibrate.js'
import { joinRows } from '../evaluation/join-rows.js'
import { embedExamples } from './embed-examples.js'
import type { Examples } from './examples.js'
import type { Student } from './student.js'

/**
 * What a score of the chosen student means, found on the validation classes.
 *
 * @param data name of the sets, for the record
 * @returns null where they are too few to tell
 */
export async function calibrateRun(
  student: Student,
  validation: Examples,
  { data, signal }: { data: string; signal?: AbortSignal | undefined },
): Promise<Calibration | null> {
  if (validation.images.length === 0) return null
  const rows = await embedExamples(student, validation, { signal })
  const { dimensions } = student
  const labels = validation.images.map((image) => image.label)
  const embedded = { embeddings: joinRows(rows, dimensions), dimensions, labels }
  return calibrateIfPossible(embedded, { data, ...(signal && { signal }) })
}
