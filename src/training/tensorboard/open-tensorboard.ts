import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import type { RunState } from '../checkpoint.js'
import type { StepReport } from '../training-step.js'
import type { ValidationFigures } from '../validate.js'
import { encodeEvent, type EventContents } from './event.js'
import { tfRecord } from './tfrecord.js'

/** The curves of a run as TensorBoard reads them: `tensorboard --logdir runs`. */
export interface Tensorboard {
  step(line: StepLine): void
  epoch(line: EpochLine): void
  close(): void
}

type StepLine = StepReport & {
  readonly step: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly waitShare: number
  readonly tensors: number
  readonly residentBytes: number
}
interface EpochLine {
  readonly step: number
  readonly meanLoss: number
  readonly validation: ValidationFigures | null
}

const prefix = 'events.out.tfevents.'

/**
 * Opens an event file in the folder. A fresh run removes what an earlier one left; a resumed run writes a file of its
 * own, before which TensorBoard forgets the steps that are done again.
 */
export function openTensorboard(folder: string, from: Pick<RunState, 'step'> | null): Tensorboard {
  mkdirSync(folder, { recursive: true })
  if (from === null) {
    for (const name of readdirSync(folder)) if (name.startsWith(prefix)) rmSync(path.join(folder, name))
  }
  const handle = openSync(freeName(folder), 'wx')
  const write = (step: number, contents: EventContents): void => {
    writeSync(handle, tfRecord(encodeEvent({ wallTime: Date.now() / 1000, step, ...contents })))
  }
  write(0, { fileVersion: 'brain.Event:2' })
  if (from !== null) write(from.step + 1, { restart: true })
  return {
    step({ step, loss, parts, gradientNorm, rate, imagesPerSecond, waitShare, tensors, residentBytes }) {
      const ofParts = Object.entries(parts).map(([name, part]) => [`loss/${name}`, part] as const)
      const speed = { 'speed/imagesPerSecond': imagesPerSecond, 'speed/waitShare': waitShare }
      const memory = { 'memory/tensors': tensors, 'memory/residentBytes': residentBytes }
      const scalars = {
        'loss/total': loss,
        ...Object.fromEntries(ofParts),
        gradientNorm,
        rate,
        ...speed,
        ...memory,
      }
      write(step, { scalars })
    },
    epoch({ step, meanLoss, validation }) {
      const figures = validation && {
        'validation/recallAt1': validation.recallAt1,
        'validation/mapAtR': validation.mapAtR,
        'validation/rPrecision': validation.rPrecision,
      }
      write(step, { scalars: { 'loss/epochMean': meanLoss, ...figures } })
    },
    close() {
      closeSync(handle)
    },
  }
}

/** TensorBoard reads files in the order of their names, so seconds come first. */
function freeName(folder: string): string {
  const stem = `${prefix}${Math.floor(Date.now() / 1000)}.${hostname()}.${process.pid}`
  let number = 0
  while (existsSync(path.join(folder, `${stem}.${number}`))) number++
  return path.join(folder, `${stem}.${number}`)
}
