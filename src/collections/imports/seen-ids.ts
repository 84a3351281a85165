import Database from 'better-sqlite3'

/** Memory that SQLite may use for it, in KiB; beyond that it is on disk. */
const cacheKiB = 64 * 1024

/**
 * The ids that a catalogue has brought so far, on disk: a catalogue of ten million rows takes no more memory than one
 * of ten thousand. The file is a temporary one of SQLite's, without a name, and gone with the process however it ends;
 * a resumed import reads the ids anew.
 */
export class SeenIds {
  readonly #database: Database.Database
  readonly #find
  readonly #add
  readonly #mention

  constructor() {
    this.#database = new Database('')
    this.#database.pragma('journal_mode = OFF')
    this.#database.pragma('synchronous = OFF')
    this.#database.pragma(`cache_size = -${cacheKiB}`)
    this.#database.exec(
      'CREATE TABLE seen (id TEXT PRIMARY KEY, row INTEGER) STRICT, WITHOUT ROWID; CREATE TABLE missing (id TEXT) STRICT',
    )
    this.#find = this.#database.prepare<[string], number | null>('SELECT row FROM seen WHERE id = ?').pluck()
    this.#add = this.#database.prepare<[string, number]>(
      'INSERT INTO seen VALUES (?, ?) ON CONFLICT DO UPDATE SET row = excluded.row',
    )
    this.#mention = this.#database.prepare<[string]>('INSERT OR IGNORE INTO seen VALUES (?, NULL)')
  }

  /** Rows whose id could not be told. */
  nameless = 0

  /** Notes the id of a row. @returns the row that had it before, null where none had */
  add(id: string, row: number): number | null {
    const before = this.#find.get(id) ?? null
    if (before === null) this.#add.run(id, row)
    return before
  }

  /** Notes that the source has a row of this id, although it cannot be taken. */
  mention(id: string): void {
    this.#mention.run(id)
  }

  has(id: string): boolean {
    return this.#find.get(id) !== undefined
  }

  /** Keeps those of `ids` that no row had. */
  keepMissing(ids: readonly string[]): void {
    const keep = this.#database.prepare<[string]>('INSERT INTO missing VALUES (?)')
    this.#database.transaction(() => {
      for (const id of ids) if (!this.has(id)) keep.run(id)
    })()
  }

  missingCount(): number {
    return Number(this.#database.prepare('SELECT count(*) FROM missing').pluck().get())
  }

  /** What was kept, in batches. */
  *missing(batch: number): Generator<string[]> {
    const page = this.#database.prepare<[number, number], { at: number; id: string }>(
      'SELECT rowid AS at, id FROM missing WHERE rowid > ? ORDER BY rowid LIMIT ?',
    )
    for (let rows = page.all(0, batch); rows.length > 0; rows = page.all(rows.at(-1)?.at ?? 0, batch)) {
      yield rows.map(({ id }) => id)
    }
  }

  /** Runs `work` as one change, which is quicker than many. */
  together(work: () => void): void {
    this.#database.transaction(work)()
  }

  /** Forgets everything. */
  clear(): void {
    this.#database.exec('DELETE FROM seen; DELETE FROM missing')
    this.nameless = 0
  }

  close(): void {
    this.#database.close()
  }
}
