import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { median } from '../../src/bench/quantile.js'

/** What a binding does in a second of one core. */
export interface BindingSpeed {
  /** The compiler's flags of a tuned one. */
  readonly tuning: string | null
  readonly build: number
  readonly search: number
}

/** @throws Error where the binding does not load, ends its process, or does not find what it was given */
export function measure(file: string, { items, queries }: { items: number; queries: number }): BindingSpeed {
  const script = path.join(import.meta.dirname, 'measure-binding.ts')
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, file, String(items), String(queries)],
    { encoding: 'utf8' },
  )
  if (status !== 0) {
    throw new Error(
      `The compiled binding does not run here: ${signal ?? stderr.trim().split('\n').at(-1) ?? ''}`,
    )
  }
  const { found, ...speed } = JSON.parse(stdout) as BindingSpeed & { found: number }
  if (!(found > 0.95)) throw new Error(`The compiled binding finds only ${found} of its own points`)
  return speed
}

/** Both by turns, because the machine's speed drifts. @returns medians */
export function compare(
  files: { readonly before: string; readonly after: string },
  { repeats, ...size }: { repeats: number; items: number; queries: number },
): { before: BindingSpeed; after: BindingSpeed } {
  const runs = Array.from({ length: repeats }, () => ({
    before: measure(files.before, size),
    after: measure(files.after, size),
  }))
  const middle = (which: 'before' | 'after'): BindingSpeed => ({
    tuning: runs[0]?.[which].tuning ?? null,
    build: median(runs.map((run) => run[which].build)),
    search: median(runs.map((run) => run[which].search)),
  })
  return { before: middle('before'), after: middle('after') }
}
