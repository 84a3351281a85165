export interface Schedule {
  /** Steps over which the rate rises from 0. */
  readonly warmUpSteps: number
  readonly totalSteps: number
  /** Share of the highest rate at which the cosine ends. */
  readonly finalRate: number
}

/**
 * The share of the highest learning rate that a step has: linear warm-up, then half a cosine down to `finalRate`
 * (Loshchilov and Hutter, SGDR, 2017).
 *
 * @param step from 0
 */
export function rateAt(step: number, { warmUpSteps, totalSteps, finalRate }: Schedule): number {
  if (step < warmUpSteps) return (step + 1) / (warmUpSteps + 1)
  const progress = Math.min(1, (step - warmUpSteps) / Math.max(1, totalSteps - warmUpSteps))
  return finalRate + ((1 - finalRate) * (1 + Math.cos(Math.PI * progress))) / 2
}
