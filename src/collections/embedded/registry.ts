import { existsSync } from 'node:fs'
import path from 'node:path'
import { openDatabase, storeErrors, type Database, type Schema } from './versioned-database.js'

const fileOf = (folder: string): string => path.join(folder, 'store.db')

const schema: Schema = {
  name: "the store's registry",
  migrations: [
    `CREATE TABLE store (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE collections (
       name TEXT PRIMARY KEY,
       uid TEXT NOT NULL UNIQUE,
       created_at TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;`,
  ],
}

export interface RegistryEntry {
  readonly name: string
  /** Names the collection's folder; never used again, also not by a later collection of the same name. */
  readonly uid: string
}

/**
 * Which collections there are: `store.db`. Holding it open is the store's lock: SQLite's exclusive locking mode keeps
 * every other connection out, and the system drops the lock when the process ends, however it ends.
 */
export class Registry {
  readonly #database: Database

  /**
   * @param folder exists
   * @param options.create whether to make it where there is none
   * @throws KindredError STORE_LOCKED, STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  constructor(folder: string, options: { create: boolean }) {
    this.#database = openDatabase(fileOf(folder), schema, { ...options, exclusive: true })
  }

  static existsIn(folder: string): boolean {
    return existsSync(fileOf(folder))
  }

  /** Notes the time. @returns whether the registry had been opened before, so that it knows every collection */
  noteOpening(): boolean {
    const before = this.#database.prepare(`SELECT value FROM store WHERE name = 'opened_at'`).get()
    this.#run(
      `INSERT INTO store VALUES ('opened_at', ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
      new Date().toISOString(),
    )
    return before !== undefined
  }

  uidOf(name: string): string | undefined {
    const row = this.#database.prepare('SELECT uid FROM collections WHERE name = ?').pluck().get(name)
    return typeof row === 'string' ? row : undefined
  }

  /** Collections after a name (all when null), in the order of their names. */
  list(after: string | null, limit: number): RegistryEntry[] {
    return this.#database
      .prepare<unknown[], RegistryEntry>(
        'SELECT name, uid FROM collections WHERE name > ? ORDER BY name LIMIT ?',
      )
      .all(after ?? '', limit)
  }

  uids(): Set<string> {
    return new Set(this.#database.prepare<[], string>('SELECT uid FROM collections').pluck().all())
  }

  add(entry: RegistryEntry): void {
    this.#run('INSERT INTO collections VALUES (?, ?, ?)', entry.name, entry.uid, new Date().toISOString())
  }

  remove(name: string): void {
    this.#run('DELETE FROM collections WHERE name = ?', name)
  }

  close(): void {
    this.#database.close()
  }

  #run(statement: string, ...values: string[]): void {
    storeErrors(schema.name, () => this.#database.prepare(statement).run(...values))
  }
}
