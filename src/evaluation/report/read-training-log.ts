import { readFile } from 'node:fs/promises'
import { KindredError } from '../../errors.js'

/** What a training run's log says of its course. */
export interface TrainingCurves {
  readonly loss: readonly { readonly step: number; readonly loss: number }[]
  /** Measured on validation classes after each epoch. */
  readonly validation: readonly {
    readonly epoch: number
    readonly recallAt1: number
    readonly mapAtR: number
    readonly best: boolean
  }[]
}

/**
 * Reads the `log.jsonl` of a training run. A resumed run repeats the steps after its checkpoint; the later ones count.
 *
 * @throws KindredError INVALID_ARGUMENT for a file that is no such log
 */
export async function readTrainingLog(file: string): Promise<TrainingCurves> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KindredError('INVALID_ARGUMENT', `The training log ${file} cannot be read`, { cause })
  })
  const steps = new Map<number, number>()
  const epochs = new Map<number, TrainingCurves['validation'][number]>()
  // A run that was killed may have left half a line at the end.
  const lines = text.split('\n').map(parseLine)
  for (const { event, step, epoch, loss, validation, best } of lines) {
    if (event === 'step' && isNumber(step) && isNumber(loss)) steps.set(step, loss)
    if (event === 'epoch' && isNumber(epoch) && isRecord(validation)) {
      const { recallAt1, mapAtR } = validation
      if (isNumber(recallAt1) && isNumber(mapAtR))
        epochs.set(epoch, { epoch, recallAt1, mapAtR, best: best === true })
    }
  }
  if (steps.size === 0) {
    throw new KindredError('INVALID_ARGUMENT', `${file} is not the log of a training run`, {
      hint: 'It is the log.jsonl that kindred train names at its end.',
    })
  }
  return {
    loss: [...steps].map(([step, loss]) => ({ step, loss })).sort((a, b) => a.step - b.step),
    validation: [...epochs.values()].sort((a, b) => a.epoch - b.epoch),
  }
}

function parseLine(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
