import type { LoadStep, RampResult } from './load-run.js'

export interface RampOptions {
  /** Most that p99 may be, in milliseconds. */
  readonly sloMs: number
  /** Rate of the first step. */
  readonly from: number
  readonly most: number
  readonly measure: (rate: number) => Promise<LoadStep>
}

/** Rates nearer to each other than this are one: measured again, either could pass. */
const precision = 1.1
const slowest = 0.5
const mostSteps = 16

/**
 * The highest rate whose p99 stays within the objective and of which nothing was refused or failed: doubled until it does
 * not, then halved in between.
 *
 * @returns with the steps, in the order in which they were taken
 */
export async function ramp(
  options: RampOptions,
): Promise<{ readonly result: RampResult; readonly steps: readonly LoadStep[] }> {
  const { sloMs, from, most, measure } = options
  const steps: LoadStep[] = []
  let held = null as { readonly rate: number; readonly offered: number | null } | null
  let failed: { readonly rate: number; readonly byClient: boolean } | null = null
  let rate = Math.min(from, most)
  while (steps.length < mostSteps) {
    const step = await measure(rate)
    steps.push(step)
    if (holds(step, sloMs)) held = { rate, offered: step.offered ?? rate }
    // By chance nothing was due: that says nothing against the server.
    else if (step.sent === 0) held = { rate, offered: held?.offered ?? null }
    else failed = { rate, byClient: step.generator.bottlenecks.length > 0 }
    if (failed === null) {
      if (rate >= most) break
      rate = Math.min(most, 2 * rate)
    } else if (held === null) {
      if (rate <= slowest) break
      rate = Math.max(slowest, rate / 2)
    } else {
      if (failed.rate / held.rate <= precision) break
      rate = Math.sqrt(held.rate * failed.rate)
    }
  }
  const limitedBy = failed === null ? 'limit' : failed.byClient ? 'client' : 'server'
  return { result: { sloMs, rate: held?.offered ?? null, limitedBy }, steps }
}

/** Whether a step kept to the objective. */
export const holds = ({ latency, refused, failed }: LoadStep, sloMs: number): boolean =>
  latency !== null && latency.p99 <= sloMs && refused === 0 && failed === 0

/** The step that a ramp's result speaks of; undefined where none was held. */
export const heldStep = (steps: readonly LoadStep[], { rate, sloMs }: RampResult): LoadStep | undefined =>
  steps.findLast((step) => step.offered !== null && step.offered === rate && holds(step, sloMs))
