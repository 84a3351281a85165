/** How far back the rate looks, in milliseconds. */
const windowMs = 30_000

/** Rows a second over the last half minute: what was done an hour ago says little of what is left. */
export class RecentRate {
  readonly #samples: { readonly at: number; readonly done: number }[]

  constructor(now: number) {
    this.#samples = [{ at: now, done: 0 }]
  }

  /** @param now in milliseconds @param done rows so far @returns rows a second; null while no time has passed */
  note(now: number, done: number): number | null {
    this.#samples.push({ at: now, done })
    // Two stay, however old: a rate is between two.
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? now) < now - windowMs) this.#samples.shift()
    const first = this.#samples[0]
    if (first === undefined || now <= first.at) return null
    return (1000 * (done - first.done)) / (now - first.at)
  }
}
