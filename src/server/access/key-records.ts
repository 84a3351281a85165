import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import {
  openDatabase,
  openForReading,
  storeErrors,
  type Database,
  type Schema,
  type Statement,
} from '../../collections/embedded/versioned-database.js'
import { KindredError } from '../../errors.js'
import { makeApiKey, type ApiKey } from './api-key.js'
import type { Scope } from './scope.js'

const fileOf = (store: string): string => path.join(store, 'keys.db')

/** keys.db, beside the registry of the store, which a server holds alone: keys are made and revoked while it runs. */
const schema: Schema = {
  name: "the store's API keys",
  migrations: [
    `CREATE TABLE keys (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       id TEXT NOT NULL UNIQUE,
       hash BLOB NOT NULL,
       name TEXT NOT NULL,
       scope TEXT NOT NULL,
       collections TEXT,
       created_at TEXT NOT NULL,
       expires_at TEXT,
       revoked_at TEXT
     ) STRICT;`,
  ],
}

interface Row {
  readonly id: string
  readonly hash: Buffer
  readonly name: string
  readonly scope: Scope
  /** JSON */
  readonly collections: string | null
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
}

export type NewApiKey = Pick<ApiKey, 'name' | 'scope' | 'collections' | 'expiresAt'>

/** Every key that was ever made, the revoked ones too: once there was one, the server is not open again. */
export class KeyRecords {
  readonly #database: Database
  // Both are asked for each request.
  readonly #byId: Statement<[string], Row>
  readonly #first: Statement<[]>
  #hadAny = false

  private constructor(database: Database) {
    this.#database = database
    this.#byId = database.prepare('SELECT * FROM keys WHERE id = ?')
    this.#first = database.prepare('SELECT 1 FROM keys LIMIT 1')
  }

  /**
   * @param store the store's folder; made where it is not there
   * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  static open(store: string): KeyRecords {
    mkdirSync(store, { recursive: true })
    return new KeyRecords(openDatabase(fileOf(store), schema, { create: true }))
  }

  /** Opens them to read; null where the store never had keys. */
  static openForReading(store: string): KeyRecords | null {
    if (!existsSync(fileOf(store))) return null
    return new KeyRecords(openForReading(fileOf(store), schema, { leaveNothing: true }))
  }

  /** @returns the key's text, which cannot be had again, and what is known of it */
  create({ name, scope, collections, expiresAt }: NewApiKey): {
    readonly key: string
    readonly made: ApiKey
  } {
    const { id, key, hash } = makeApiKey()
    this.#run(
      `INSERT INTO keys (id, hash, name, scope, collections, created_at, expires_at)
       VALUES ($id, $hash, $name, $scope, $collections, $now, $expiresAt)`,
      {
        id,
        hash,
        name,
        scope,
        collections: collections === null ? null : JSON.stringify(collections),
        now: new Date().toISOString(),
        expiresAt,
      },
    )
    return { key, made: toKey(this.#row(id)) }
  }

  /** Keys in the order in which they were made. */
  list(): ApiKey[] {
    return this.#database.prepare<[], Row>('SELECT * FROM keys ORDER BY number').all().map(toKey)
  }

  /** Revoking a key again changes nothing. @throws KindredError KEY_NOT_FOUND */
  revoke(id: string): ApiKey {
    const now = new Date().toISOString()
    this.#run('UPDATE keys SET revoked_at = coalesce(revoked_at, $now) WHERE id = $id', { id, now })
    return toKey(this.#row(id))
  }

  /** A key and the hash of its secret, as they are now, whichever process changed them last. */
  find(id: string): { readonly key: ApiKey; readonly hash: Buffer } | null {
    const row = this.#find(id)
    return row === undefined ? null : { key: toKey(row), hash: row.hash }
  }

  /** Whether a key was ever made. */
  hadAny(): boolean {
    this.#hadAny ||= storeErrors(schema.name, () => this.#first.get()) !== undefined
    return this.#hadAny
  }

  close(): void {
    this.#database.close()
  }

  #find(id: string): Row | undefined {
    return storeErrors(schema.name, () => this.#byId.get(id))
  }

  #row(id: string): Row {
    const row = this.#find(id)
    if (row === undefined) throw new KindredError('KEY_NOT_FOUND', `There is no API key ${id}`)
    return row
  }

  #run(statement: string, values: Readonly<Record<string, string | Buffer | null>>): void {
    storeErrors(schema.name, () => this.#database.prepare(statement).run(values))
  }
}

function toKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    collections: row.collections === null ? null : (JSON.parse(row.collections) as string[]),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
