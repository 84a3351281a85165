import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { RunState } from './checkpoint.js'

/**
 * The run's log: one JSON object a line, told apart by `event` (`run`, `resume`, `step`, `epoch`, `stopped`,
 * `published`).
 */
export interface TrainingLog {
  write(event: string, fields: Readonly<Record<string, unknown>>): void
  close(): void
}

type Reached = Pick<RunState, 'step' | 'epochsEnded'>

/**
 * Opens the log. A fresh run starts it anew; a resumed run goes on below what is there, without the lines of steps and
 * epochs that were done after its checkpoint and are done again, and without a last line that was cut off.
 *
 * @param from where the resumed run's checkpoint stands; null for a fresh one
 */
export function openTrainingLog(file: string, from: Reached | null): TrainingLog {
  mkdirSync(path.dirname(file), { recursive: true })
  if (from !== null && existsSync(file)) {
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => isBefore(line, from))
    writeFileSync(file, kept.map((line) => `${line}\n`).join(''))
  }
  const handle = openSync(file, from === null ? 'w' : 'a')
  return {
    write(event, fields) {
      writeSync(handle, `${JSON.stringify({ event, time: new Date().toISOString(), ...fields })}\n`)
    },
    close() {
      closeSync(handle)
    },
  }
}

function isBefore(text: string, { step, epochsEnded }: Reached): boolean {
  let line: { event?: unknown; step?: unknown; epoch?: unknown }
  try {
    line = JSON.parse(text) as typeof line
  } catch {
    return false
  }
  if (line.event === 'step') return Number(line.step) <= step
  if (line.event === 'epoch') return Number(line.epoch) <= epochsEnded
  return true
}
