import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { install, type BindingFiles } from './binding-files.js'
import { compile, tuning } from './compile.js'
import { compare, measure } from './measure.js'

export interface TuneSize {
  readonly items: number
  readonly queries: number
  readonly repeats: number
}

/**
 * Compiles the binding beside the one that is loaded, tries it in another process, measures both, and only then gives it
 * the place of the other.
 *
 * @throws Error that says why not; then nothing has changed
 */
export async function tuneBinding(
  files: BindingFiles,
  size: TuneSize,
  say: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(path.join(path.dirname(files.loaded), 'tuning-'))
  try {
    const compiled = path.join(folder, 'addon.node')
    say(`Compiling hnswlib-node with ${tuning} ...`)
    await compile(files.root, compiled)
    if (measure(compiled, { items: 1000, queries: 1000 }).tuning !== tuning) {
      throw new Error('The compiled binding does not say that it is tuned')
    }
    say(`Measuring before and after, ${size.repeats} times by turns ...`)
    const before = existsSync(files.installed) ? files.installed : files.loaded
    const speeds = compare({ before, after: compiled }, size)
    say(`${size.items} x 128, seed 1, for each second of one core:`)
    const ratios = (['build', 'search'] as const).map((what) => {
      const [was, is] = [speeds.before[what], speeds.after[what]]
      const name = what === 'build' ? 'points added' : 'searches (ef 100)'
      say(
        `  ${name.padEnd(18)} before ${was.toFixed(0).padStart(6)}   after ${is.toFixed(0).padStart(6)}   ${(is / was).toFixed(2)} times`,
      )
      return is / was
    })
    if (ratios.every((ratio) => ratio < 1)) throw new Error('It is not faster on this machine')
    install(compiled, files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
