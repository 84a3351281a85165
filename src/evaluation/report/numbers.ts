/** A share of 1 as a person reads it, never broken before its sign. */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(digits)}\u00a0%` : '–'

/** Round numbers from low to high, about as many as wanted, both ends inside. */
export function niceTicks(low: number, high: number, wanted = 5): number[] {
  const rough = (high - low) / wanted
  if (!(rough > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const ticks: number[] = []
  for (let n = Math.ceil(low / step); n * step <= high * (1 + 1e-9); n++)
    ticks.push(Number((n * step).toPrecision(12)))
  return ticks
}
