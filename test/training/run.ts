import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createLogger } from '../../src/log.js'
import type { TrainSettings } from '../../src/training/settings.js'
import { train, type TrainOptions, type TrainResult } from '../../src/training/train.js'

const logger = createLogger('silent')
export const run = (settings: TrainSettings, options: Partial<TrainOptions> = {}): Promise<TrainResult> =>
  train(settings, { logger, ...options })

/** Runs until so many steps are done, then stops it as Ctrl-C does. */
export function runUntil(settings: TrainSettings, steps: number): Promise<TrainResult> {
  const controller = new AbortController()
  return run(settings, {
    resume: true,
    signal: controller.signal,
    onProgress: (progress) => {
      if (progress.phase === 'training' && progress.step === steps) controller.abort()
    },
  })
}

export interface LogLine {
  event: string
  loss: number
  step: number
  tensors: number
  epoch: number
  validation: { mapAtR: number } | null
  [name: string]: unknown
}
export const logOf = (work: string): LogLine[] =>
  readFileSync(path.join(work, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine)
export const stepsOf = (work: string): LogLine[] => logOf(work).filter(({ event }) => event === 'step')
export const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
