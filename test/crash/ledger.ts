import assert from 'node:assert/strict'

/** What an item holds: its embedding is drawn from `seed`, everything else tells which write it is of. */
export interface Version {
  readonly seed: number
  readonly patch: number
}

/** null: there is no such item. */
type State = Version | null

/** What a server acknowledged, and what was under way when it was killed: either may be there, nothing between. */
export class Ledger {
  readonly #sure = new Map<string, State>()
  readonly #maybe = new Map<string, State>()

  /** The last acknowledged state. */
  of(id: string): State {
    return this.#sure.get(id) ?? null
  }

  ids(): string[] {
    return [...this.#sure.keys()]
  }

  /** Before a write is sent. */
  begin(changes: ReadonlyMap<string, State>): void {
    for (const [id, state] of changes) this.#maybe.set(id, state)
  }

  /** When it was acknowledged. */
  acknowledge(changes: ReadonlyMap<string, State>): void {
    for (const [id, state] of changes) {
      this.#sure.set(id, state)
      this.#maybe.delete(id)
    }
  }

  /** Holds what a new server has against the ledger, which from now on is sure of it. */
  settle(id: string, found: State): void {
    const allowed = [this.of(id), ...(this.#maybe.has(id) ? [this.#maybe.get(id) ?? null] : [])]
    const says = JSON.stringify(found)
    assert(
      allowed.some((state) => JSON.stringify(state) === says),
      `${id} is ${says}, not one of ${JSON.stringify(allowed)}`,
    )
    this.#sure.set(id, found)
    this.#maybe.delete(id)
  }

  /** Ids of writes that were under way and were never acknowledged before. */
  pending(): string[] {
    return [...this.#maybe.keys()]
  }
}
