import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reportFailure } from '../../../src/cli/exit.js'
import { documentSection } from '../document-section.js'
import { describeMachine } from '../machine.js'
import { amount, optionalText, scriptOptions, whole } from '../../script-options.js'
import { runSteps, type Figures } from './run-steps.js'
import { clients, type ScaleSettings } from './scale-settings.js'
import type { StepName } from './steps.js'

/** A measurement of a large collection: its steps, and how their figures are told. */
export interface ScaleBench<Name extends StepName> {
  /** Of the script, and of its place in the document. */
  readonly name: string
  readonly about: string
  readonly defaults: Omit<ScaleSettings, 'folder'>
  readonly steps: readonly Name[]
  /** In Markdown. @param about when and where it was measured */
  readonly tell: (settings: ScaleSettings, about: string, figures: Figures<Name>) => string
}

/** Reads the command line, measures, prints, and writes the document where asked, after each step; in the end the folder goes. */
export async function runScaleBench<Name extends StepName>(bench: ScaleBench<Name>): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const { defaults } = bench
  const { write, ...given } = scriptOptions(bench.name, bench.about, {
    items: whole(defaults.items, 'embeddings'),
    dimensions: whole(defaults.dimensions, 'of an embedding'),
    classes: whole(defaults.classes, 'around whose directions they lie'),
    noise: amount(defaults.noise, 'of a value, beside directions whose values are about 1'),
    queries: whole(defaults.queries, 'searched for recall@10 against the exact scan'),
    seconds: whole(defaults.seconds, `of searches by ${clients} clients for each breadth`),
    seed: whole(defaults.seed, 'of all that is random'),
    folder: optionalText(
      'FOLDER',
      'works there (about 6 GB for a million items); what a stopped run measured is kept, and the same command goes on',
    ),
    write: optionalText('FILE', 'document whose section is written'),
  })
  try {
    const folder = given.folder ?? mkdtempSync(path.join(tmpdir(), 'kindred-bench-'))
    const settings = { ...given, folder }
    let done = false
    try {
      const about = `${new Date().toISOString().slice(0, 10)}, ${describeMachine()}`
      say(about)
      const publish = async (figures: Figures<Name>): Promise<string> => {
        const section = bench.tell(settings, about, figures)
        if (write !== undefined) await documentSection(write, bench.name, section)
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
    process.exitCode = reportFailure(thrown, false)
  }
}
