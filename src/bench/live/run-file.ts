import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import type { BenchRun } from './bench-run.js'
import { faultOfRun } from './fault-of-run.js'

/** Writes a run, whole or not at all. */
export async function writeRun(file: string, run: BenchRun): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true })
  const draft = `${file}.${process.pid}.part`
  await writeFile(draft, `${JSON.stringify(run)}\n`)
  await rename(draft, file)
}

/** @throws KindredError INVALID_ARGUMENT where the file is no run, a damaged one, or one of a version that is not known */
export async function readRun(file: string): Promise<BenchRun> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new KindredError('INVALID_ARGUMENT', `${file} cannot be read as the file of a run`, { cause })
  }
  const { format, version }: Partial<Record<string, unknown>> =
    typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  if (format !== 'kindred-bench') {
    throw new KindredError('INVALID_ARGUMENT', `${file} is not the file of a run`, {
      hint: 'kindred bench ... --output FILE.json writes one',
    })
  }
  if (version !== 1) {
    throw new KindredError('INVALID_ARGUMENT', `${file} was written by another version of kindred`)
  }
  const fault = faultOfRun(parsed)
  if (fault !== null) {
    throw new KindredError('INVALID_ARGUMENT', `${file} is damaged: ${fault} is not what a run has there`)
  }
  return parsed as BenchRun
}
