import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'

/** The run's log: one JSON object a line, told apart by `event` (`run`, `resume`, `step`, `epoch`, `published`). */
export interface TrainingLog {
  write(event: string, fields: Readonly<Record<string, unknown>>): void
  close(): void
}

/** Opens the log. A fresh run starts it anew; a resumed run goes on below what is there. */
export function openTrainingLog(file: string, { append }: { append: boolean }): TrainingLog {
  mkdirSync(path.dirname(file), { recursive: true })
  const handle = openSync(file, append ? 'a' : 'w')
  return {
    write(event, fields) {
      writeSync(handle, `${JSON.stringify({ event, time: new Date().toISOString(), ...fields })}\n`)
    },
    close() {
      closeSync(handle)
    },
  }
}
