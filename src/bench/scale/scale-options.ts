import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { expected, toKindredError } from '../../errors.js'
import { documentSection } from '../document-section.js'
import { describeMachine } from '../machine.js'
import { runSteps, type Figures } from './run-steps.js'
import type { ScaleSettings } from './scale-settings.js'
import type { StepName } from './steps.js'

const wholes = ['items', 'dimensions', 'classes', 'queries', 'seconds', 'seed'] as const

/** A measurement of a large collection: its steps, and how their figures are told. */
export interface ScaleBench<Name extends StepName> {
  readonly help: string
  readonly defaults: Omit<ScaleSettings, 'folder'>
  /** Of its place in the document. */
  readonly section: string
  readonly steps: readonly Name[]
  /** In Markdown. @param about when and where it was measured */
  readonly tell: (settings: ScaleSettings, about: string, figures: Figures<Name>) => string
}

/** Reads the command line, measures, prints, and writes the document where asked, after each step; in the end the folder goes. */
export async function runScaleBench<Name extends StepName>(bench: ScaleBench<Name>): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  try {
    const given = readOptions(bench.defaults)
    if (given.help === true) {
      say(bench.help)
      return
    }
    const folder = given.folder ?? mkdtempSync(path.join(tmpdir(), 'kindred-bench-'))
    const settings = { ...given.settings, folder }
    let done = false
    try {
      const about = `${new Date().toISOString().slice(0, 10)}, ${describeMachine()}`
      say(about)
      const publish = async (figures: Figures<Name>): Promise<string> => {
        const section = bench.tell(settings, about, figures)
        if (given.write !== undefined) await documentSection(given.write, bench.section, section)
        return section
      }
      const figures = await runSteps(bench.steps, settings, async (name, seconds, soFar) => {
        say(`${name}: ${seconds.toFixed(1)} s`)
        await publish(soFar)
      })
      say(`\n${await publish(figures)}`)
      done = true
    } finally {
      if (done || given.folder === undefined) rmSync(folder, { recursive: true, force: true })
    }
  } catch (thrown) {
    process.stderr.write(`error: ${toKindredError(thrown).message}\n`)
    process.exitCode = 1
  }
}

function readOptions(defaults: ScaleBench<StepName>['defaults']) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      ...(Object.fromEntries(wholes.map((name) => [name, text])) as Record<
        (typeof wholes)[number],
        typeof text
      >),
      noise: text,
      folder: text,
      write: text,
      help: { type: 'boolean' },
    },
  })
  const numbers = wholes.map((name) => {
    const given = values[name]
    const value = given === undefined ? defaults[name] : Number(given)
    if (!Number.isInteger(value) || value < 1) throw expected('a positive whole number', `--${name}`, given)
    return [name, value] as const
  })
  const noise = values.noise === undefined ? defaults.noise : Number(values.noise)
  if (!(noise >= 0)) throw expected('a number from 0', '--noise', values.noise)
  const { folder, write, help } = values
  return { settings: { ...defaults, ...Object.fromEntries(numbers), noise }, folder, write, help }
}
