import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { KindredError } from '../../errors.js'

export type { Database, Statement } from 'better-sqlite3'

export interface Schema {
  /** What the database is, for messages. */
  readonly name: string
  /** `migrations[v]` takes a database from version `v` to `v + 1`, by SQL or by code; a new one starts at 0. */
  readonly migrations: readonly (string | ((database: Database.Database) => void))[]
}

/**
 * Opens a SQLite database for writing: WAL, a full sync at each commit, foreign keys, the newest schema.
 *
 * @param options.create whether to make it where it does not exist or is empty; otherwise that is STORE_CORRUPT
 * @param options.exclusive whether to keep every other connection out until it is closed
 * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED; STORE_LOCKED
 */
export function openDatabase(
  file: string,
  schema: Schema,
  options: { create?: boolean; exclusive?: boolean } = {},
): Database.Database {
  const create = options.create === true
  // Before SQLite sees it, which would write a header to an empty file.
  if (!create && !statSync(file, { throwIfNoEntry: false })?.size) throw missing(schema, file)
  return storeErrors(`${schema.name} (${file})`, () => {
    const database = new Database(file, {
      fileMustExist: !create,
      timeout: options.exclusive === true ? 0 : 5000,
    })
    try {
      if (options.exclusive === true) database.pragma('locking_mode = EXCLUSIVE')
      // What a kill during its making left has a header, and no table.
      if (!create && versionOf(database) === 0) throw missing(schema, file)
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      migrate(database, schema, file)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/**
 * Opens a database for reading alone, beside whoever writes it.
 *
 * @param options.leaveNothing whether to remove SQLite's own -wal and -shm files at the end, if no one else has it open
 * @throws like openDatabase
 */
export function openForReading(
  file: string,
  schema: Schema,
  options: { leaveNothing?: boolean } = {},
): Database.Database {
  return storeErrors(`${schema.name} (${file})`, () => {
    // SQLite makes those files for a read-only connection too, and does not remove them after one.
    const database = new Database(file, { readonly: options.leaveNothing !== true, fileMustExist: true })
    try {
      database.pragma('query_only = ON')
      refuseNewer(versionOf(database), schema, file)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

function migrate(database: Database.Database, schema: Schema, file: string): void {
  const version = versionOf(database)
  refuseNewer(version, schema, file)
  if (version === schema.migrations.length) return
  database
    .transaction(() => {
      for (const migration of schema.migrations.slice(version)) {
        if (typeof migration === 'string') database.exec(migration)
        else migration(database)
      }
      database.pragma(`user_version = ${schema.migrations.length}`)
    })
    .immediate()
}

const versionOf = (database: Database.Database): number =>
  Number(database.pragma('user_version', { simple: true }))

function missing({ name }: Schema, file: string): KindredError {
  const advice = 'restore it from a backup; nothing was touched'
  return new KindredError('STORE_CORRUPT', `${name} (${file}) is missing or empty: ${advice}`)
}

function refuseNewer(version: number, schema: Schema, file: string): void {
  const known = schema.migrations.length
  if (version > known) {
    throw new KindredError(
      'STORE_TOO_NEW',
      `${schema.name} (${file}) has schema version ${version}; this program knows ${known} at most`,
    )
  }
}

/** Runs `work` and turns what SQLite throws into a KindredError that says what it was about. */
export function storeErrors<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    if (error.code.startsWith('SQLITE_BUSY')) {
      const held = `${what} is in use, by another process or by this one`
      throw new KindredError('STORE_LOCKED', held, { cause: error })
    }
    const damaged = /^SQLITE_(CORRUPT|NOTADB|CANTOPEN)/.test(error.code)
    throw new KindredError(
      damaged ? 'STORE_CORRUPT' : 'STORE_FAILED',
      `${what}: ${error.message} (${error.code})`,
      { cause: error },
    )
  }
}
