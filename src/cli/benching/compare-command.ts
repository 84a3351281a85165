import { Command } from 'commander'
import { compareRuns } from '../../bench/live/compare.js'
import { readRun } from '../../bench/live/run-file.js'
import { exitCode, numberWithin, wholeNumber } from '../exit.js'
import { comparisonText } from './bench-text.js'

/** `kindred bench compare`: what changed from one run to another, query by query. */
export const compareCommand = (): Command =>
  new Command('compare')
    .description('Compare two runs query by query; exit code 1 where the second is worse than allowed.')
    .argument('<before.json>', 'run to compare with')
    .argument('<after.json>', 'run that should be no worse')
    .option('--max-drop <share>', 'how much lower a mean may be', numberWithin(0, 1), 0.01)
    .option(
      '--max-slowdown <times>',
      'how many times as long p99 may be (default: any)',
      numberWithin(1, 1000),
    )
    .option('--seed <n>', 'of the intervals', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  kindred bench compare main.json branch.json --max-drop 0.005   (half a point)',
    )
    .exitOverride()
    .action(
      async (
        before: string,
        after: string,
        flags: { maxDrop: number; maxSlowdown?: number; seed: number; json?: true },
      ) => {
        const { maxDrop, maxSlowdown = null, seed, json } = flags
        const comparison = compareRuns(await readRun(before), await readRun(after), {
          maxDrop,
          maxSlowdown,
          seed,
        })
        process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : comparisonText(comparison))
        if (comparison.regressions.length > 0) process.exitCode = exitCode.failure
      },
    )
