import { fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { since } from './scale-folder.js'
import type { ScaleSettings } from './scale-settings.js'
import type { StepFigures, StepName } from './steps.js'

/** What the steps that are done have measured. */
export type Figures<Name extends StepName> = { readonly [N in Name]?: StepFigures<N> }

/**
 * Runs steps in their order. What each measured is kept in the folder, so that a run that was stopped goes on with the
 * step that it was in.
 *
 * @param done is told after each step what was measured so far
 * @throws Error where a step fails, or the folder holds a run of other settings
 */
export async function runSteps<Name extends StepName>(
  names: readonly Name[],
  settings: ScaleSettings,
  done: (name: Name, seconds: number, figures: Figures<Name>) => Promise<void>,
): Promise<Figures<Name>> {
  const file = path.join(settings.folder, 'figures.json')
  mkdirSync(settings.folder, { recursive: true })
  const kept = readKept(file)
  if (kept !== null && JSON.stringify(kept.settings) !== JSON.stringify(settings)) {
    throw new Error(`${settings.folder} holds a run of other settings`)
  }
  const figures = new Map(Object.entries(kept?.figures ?? {}))
  const measured = (): Figures<Name> => Object.fromEntries(figures) as Figures<Name> // each by its own step
  for (const name of names) {
    if (figures.has(name)) continue
    const began = performance.now()
    figures.set(name, await runStep(name, settings))
    writeFileSync(file, JSON.stringify({ settings, figures: Object.fromEntries(figures) }, null, 2))
    await done(name, since(began), measured())
  }
  return measured()
}

function readKept(file: string): { settings: ScaleSettings; figures: object } | null {
  if (!existsSync(file)) return null
  return JSON.parse(readFileSync(file, 'utf8')) as { settings: ScaleSettings; figures: object }
}

function runStep(name: StepName, settings: ScaleSettings): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const extension = path.extname(import.meta.filename)
    const script = path.join(import.meta.dirname, `step-process${extension}`)
    const child = fork(script, [JSON.stringify({ name, settings })], {
      execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
    })
    let figures: unknown
    child.once('message', (message) => {
      figures = message
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0 && figures !== undefined) resolve(figures)
      else reject(new Error(`The step ${name} failed`))
    })
  })
}
