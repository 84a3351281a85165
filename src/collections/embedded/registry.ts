import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Alias } from '../collection-store.js'
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
    `ALTER TABLE collections ADD COLUMN previous TEXT;
     CREATE TABLE aliases (
       name TEXT PRIMARY KEY,
       collection TEXT NOT NULL REFERENCES collections ON DELETE CASCADE
     ) STRICT, WITHOUT ROWID;`,
    'ALTER TABLE collections ADD COLUMN next TEXT;',
  ],
}

export interface RegistryEntry {
  readonly name: string
  /** Names the collection's folder; never used again, also not by a later collection of the same name. */
  readonly uid: string
  /** What had the name before, kept to roll back to. */
  readonly previous: string | null
  /** What is filled to take its place: a successor of another model. */
  readonly next: string | null
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

  /** @param name of a collection, or an alias of one */
  find(name: string): RegistryEntry | undefined {
    return this.#database
      .prepare<[string, string], RegistryEntry>(
        `SELECT name, uid, previous, next FROM collections
         WHERE name = coalesce((SELECT collection FROM aliases WHERE name = ?), ?)`,
      )
      .get(name, name)
  }

  /** Collections after a name (all when null), in the order of their names. */
  list(after: string | null, limit: number): RegistryEntry[] {
    return this.#database
      .prepare<unknown[], RegistryEntry>(
        'SELECT name, uid, previous, next FROM collections WHERE name > ? ORDER BY name LIMIT ?',
      )
      .all(after ?? '', limit)
  }

  uids(): Set<string> {
    const all = `SELECT uid FROM collections
      UNION SELECT previous FROM collections WHERE previous IS NOT NULL
      UNION SELECT next FROM collections WHERE next IS NOT NULL`
    return new Set(this.#database.prepare<[], string>(all).pluck().all())
  }

  /** Gives a name to a folder; the one that had it becomes its previous one, and it has no successor. */
  set(name: string, uid: string): void {
    this.#run(
      `INSERT INTO collections VALUES (?, ?, ?, NULL, NULL)
       ON CONFLICT DO UPDATE SET previous = collections.uid, uid = excluded.uid, next = NULL`,
      name,
      uid,
      new Date().toISOString(),
    )
  }

  /** Names the folder that is to take the place of a collection's, or none. */
  setNext(name: string, uid: string | null): void {
    this.#run('UPDATE collections SET next = ? WHERE name = ?', uid, name)
  }

  forgetPrevious(name: string): void {
    this.#run('UPDATE collections SET previous = NULL WHERE name = ?', name)
  }

  /** In the order of their names. */
  aliases(): Alias[] {
    return this.#database.prepare<[], Alias>('SELECT name, collection FROM aliases ORDER BY name').all()
  }

  setAlias(alias: string, collection: string): void {
    this.#run(
      'INSERT INTO aliases VALUES (?, ?) ON CONFLICT DO UPDATE SET collection = excluded.collection',
      alias,
      collection,
    )
  }

  /** @returns whether there was one */
  removeAlias(alias: string): boolean {
    return this.#run('DELETE FROM aliases WHERE name = ?', alias) > 0
  }

  remove(name: string): void {
    this.#run('DELETE FROM collections WHERE name = ?', name)
  }

  close(): void {
    this.#database.close()
  }

  /** @returns how many rows changed */
  #run(statement: string, ...values: (string | null)[]): number {
    return storeErrors(schema.name, () => this.#database.prepare(statement).run(...values).changes)
  }
}
