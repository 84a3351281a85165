import { Command } from 'commander'
import { settings as programSettings, type SettingName } from '../config.js'
import { imageLimitsFrom } from '../images/limits.js'
import { createLogger } from '../log.js'
import { makeDeterministic } from '../tensors/determinism.js'
import { showProgress } from '../tensors/setup/progress.js'
import { setUpTensorflow } from '../tensors/setup/set-up.js'
import { parseTrainSettings } from '../training/settings.js'
import { exitCode } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { addSetOptions } from './set-options.js'
import { addSettings, configOf, withoutSettings } from './setting-options.js'
import { readTrainConfig, type TrainFlags } from './train-config.js'
import { trainHelp } from './train-help.js'
import { addTrainOptions } from './train-options.js'
import { describePlan, describeRun, describeSeeds, runAsJson } from './train-report.js'
import { showTraining } from './training-progress.js'

interface Flags extends TrainFlags {
  readonly config?: string
  readonly resume?: true
  readonly json?: true
  readonly seeds?: readonly number[]
  readonly dryRun?: true
}

/** Not all settings of the program: `--data` and `--model` are no flags of theirs here. */
const ofProgram = ['maxImageBytes', 'maxImagePixels', 'allowSvg'] as const satisfies readonly SettingName[]

/** `kindred train`: learns an embedding from labelled pictures and writes a model bundle. */
export function trainCommand(): Command {
  const command = new Command('train').description(
    'Learn an embedding from labelled pictures and write a model bundle.',
  )
  addTrainOptions(command)
  return addSettings(addSetOptions(command), ofProgram)
    .addHelpText('after', trainHelp)
    .action(async (flags: Flags) => {
      const { config, resume, json, seeds, dryRun, ...rest } = withoutSettings(flags, ofProgram)
      const limits = imageLimitsFrom(configOf(command, ofProgram))
      const raw = readTrainConfig(config, rest, {
        KINDRED_DATA: programSettings.data.default,
        ...process.env,
      })
      const settings = parseTrainSettings(raw)
      const quiet = json === true
      const print = (value: Record<string, unknown>, text: string): void => {
        process.stdout.write(quiet ? `${JSON.stringify(value)}\n` : text)
      }
      // Only now, and before anything that imports TensorFlow: a first run builds it, and what it reads from the
      // environment it reads when it loads.
      if (settings.deterministic) makeDeterministic(process.env)
      await setUpTensorflow({ onProgress: quiet ? () => undefined : showProgress(process.stderr) })
      const show = showTraining(quiet)
      if (dryRun === true) {
        const { planRun } = await import('../training/plan-run.js')
        const plan = await planRun(settings, { seeds, onProgress: show.update }).finally(show.stop)
        print({ settings, plan }, describePlan(settings, plan))
        return
      }
      const optionsOf = (signal: AbortSignal) => ({
        logger: createLogger('warn'),
        onProgress: show.update,
        signal,
        resume: resume === true,
        limits,
        command: `kindred ${process.argv.slice(2).join(' ')}`,
      })
      if (seeds !== undefined) {
        const { trainSeeds } = await import('../training/train-seeds.js')
        const { result } = await untilInterrupted((signal) =>
          trainSeeds(settings, seeds, {
            ...optionsOf(signal),
            onSeed: (seed) => {
              show.stop()
              if (!quiet) process.stderr.write(`seed ${seed}\n`)
            },
          }),
        ).finally(show.stop)
        const runs = result.runs.map((run) => ({ seed: run.seed, ...runAsJson(run.result) }))
        print({ runs, summary: result.summary, file: result.file }, describeSeeds(result))
        if (result.file === null) process.exitCode = exitCode.interrupted
        return
      }
      const { train } = await import('../training/train.js')
      const { result } = await untilInterrupted((signal) => train(settings, optionsOf(signal))).finally(
        show.stop,
      )
      print(runAsJson(result), describeRun(result))
      if (result.bundle === null) process.exitCode = exitCode.interrupted
    })
}
