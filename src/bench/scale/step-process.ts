import { toKindredError } from '../../errors.js'
import type { ScaleSettings } from './scale-settings.js'
import { steps, type StepName } from './steps.js'

/** One step, for run-steps.ts: its name and settings come as JSON, its figures go back as a message. */
const { name, settings } = JSON.parse(process.argv[2] ?? '') as { name: StepName; settings: ScaleSettings }
try {
  const figures = await steps[name](settings)
  // In kibibytes (getrusage(2), as Node gives it on every system).
  process.send?.({ ...figures, peakMemory: 1024 * process.resourceUsage().maxRSS })
} catch (thrown) {
  process.stderr.write(`error: ${toKindredError(thrown).message}\n${String(thrown)}\n`)
  process.exitCode = 1
} finally {
  process.disconnect()
}
