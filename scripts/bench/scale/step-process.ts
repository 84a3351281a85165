import { toKindredError } from '../../../src/errors.js'
import type { ScaleSettings } from './scale-settings.js'
import { steps, type StepName } from './steps.js'

/** One step, for run-steps.ts: its name and settings come as JSON, its figures go back as a message. */
const { name, settings } = JSON.parse(process.argv[2] ?? '') as { name: StepName; settings: ScaleSettings }
try {
  const figures = await steps[name](settings)
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  // In kibibytes and microseconds, as Node gives them on every system.
  process.send?.({ ...figures, peakMemory: 1024 * maxRSS, processor: (userCPUTime + systemCPUTime) / 1e6 })
} catch (thrown) {
  process.stderr.write(`error: ${toKindredError(thrown).message}\n${String(thrown)}\n`)
  process.exitCode = 1
} finally {
  process.disconnect()
}
