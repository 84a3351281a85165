import { totalOf, type StepTimes } from './steps.js'

/** Median, and the quarter points around it. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

export const showSpread = ({ median, low, high }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`

/** One line a part: milliseconds per image. */
export function describeSteps(name: string, steps: readonly StepTimes[], batch: number): string {
  const parts = {
    data: (step: StepTimes) => step.data,
    forward: (step: StepTimes) => step.forward,
    backward: (step: StepTimes) => step.backward,
    optimiser: (step: StepTimes) => step.optimiser,
    step: totalOf,
  }
  const lines = Object.entries(parts).map(
    ([part, of]) => `  ${part.padEnd(10)}${showSpread(spreadOf(steps.map((step) => of(step) / batch)))}`,
  )
  return [`${name}: ms per image, median (quartiles) of ${steps.length} steps`, ...lines].join('\n')
}
