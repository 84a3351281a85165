import type { ItemChange } from '../successor-store.js'
import { storeErrors, type Database } from './versioned-database.js'

/**
 * Which items changed since a successor of the collection was begun. Triggers note them, in the transaction of the change
 * itself, so that none is missed.
 */
export class ChangedItems {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Begins to note for a successor, or goes on; null ends it. */
  noteFor(successor: string | null): void {
    this.#write(() => {
      const now = this.#database.prepare('SELECT successor FROM collection').pluck().get()
      if (now === successor) return
      this.#database.prepare('UPDATE collection SET successor = ?').run(successor)
      this.#database.exec('DELETE FROM changed_items')
    })
  }

  /** In no order. */
  list(limit: number): ItemChange[] {
    return this.#database
      .prepare<[number], ItemChange>('SELECT id, change FROM changed_items LIMIT ?')
      .all(limit)
  }

  /** An item that has changed again since it was listed stays. */
  settle(changes: readonly ItemChange[]): void {
    this.#write(() => {
      const forget = this.#database.prepare('DELETE FROM changed_items WHERE id = ? AND change = ?')
      for (const { id, change } of changes) forget.run(id, change)
    })
  }

  #write(work: () => void): void {
    storeErrors("the collection's items", () => {
      this.#database.transaction(work).immediate()
    })
  }
}
