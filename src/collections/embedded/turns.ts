/** Lets works of one key run one after another, in the order in which they came; the first starts at once. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const done = before === undefined ? work() : before.then(work)
    const over = done.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(key, over)
    try {
      return await done
    } finally {
      if (this.#last.get(key) === over) this.#last.delete(key)
    }
  }

  /** Waits for the works that came before. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
