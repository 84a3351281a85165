import { createHash, randomUUID } from 'node:crypto'
import path from 'node:path'
import {
  openDatabase,
  storeErrors,
  type Database,
  type Schema,
} from '../../collections/embedded/versioned-database.js'

/** answers.db: what was answered to requests with an idempotency key, and which of them were begun. */
const schema: Schema = {
  name: "the store's kept answers",
  migrations: [
    // Numbers only grow, so that which ones are the newest can be told without counting.
    `CREATE TABLE answers (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       id BLOB NOT NULL UNIQUE,
       request BLOB NOT NULL,
       process TEXT NOT NULL,
       begun_at INTEGER NOT NULL,
       answer TEXT
     ) STRICT;
     CREATE INDEX answers_by_time ON answers (begun_at);`,
  ],
}

/** Which request this is. */
export interface KeyedRequest {
  /** Whose key it is: two callers may have the same. */
  readonly caller: string
  readonly key: string
  /** Of all that the request asks. */
  readonly fingerprint: Buffer
}

/** What is known of a request before it is done. */
export type Claim =
  /** Nothing: it is now noted as begun, by this number. */
  | { readonly kind: 'new'; readonly number: number }
  | { readonly kind: 'answered'; readonly answer: string }
  /** This process is at it. */
  | { readonly kind: 'running' }
  /** A process that ended was at it. */
  | { readonly kind: 'lost' }
  /** Its key came with another request. */
  | { readonly kind: 'other' }

interface Row {
  readonly request: Buffer
  readonly process: string
  readonly answer: string | null
}

export interface Keeping {
  readonly seconds: number
  /** Newest requests that are kept. */
  readonly most: number
}

const idOf = ({ caller, key }: Pick<KeyedRequest, 'caller' | 'key'>): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest()

/** Each change is on disk when its method returns. */
export class AnswerRecords {
  readonly #database: Database
  readonly #process = randomUUID()

  private constructor(database: Database) {
    this.#database = database
  }

  /**
   * @param store the store's folder; exists, and is this process's alone
   * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  static open(store: string): AnswerRecords {
    return new AnswerRecords(openDatabase(path.join(store, 'answers.db'), schema, { create: true }))
  }

  /** Whether anything is known of a request with this key. */
  has(request: Pick<KeyedRequest, 'caller' | 'key'>, { seconds }: Pick<Keeping, 'seconds'>): boolean {
    const since = Date.now() - 1000 * seconds
    return storeErrors(schema.name, () => {
      const known = this.#database.prepare('SELECT 1 FROM answers WHERE id = ? AND begun_at > ?')
      return known.get(idOf(request), since) !== undefined
    })
  }

  /** Says what is known of a request, and notes it as begun where that is nothing: of two at once one is new. */
  claim(request: KeyedRequest, { seconds, most }: Keeping): Claim {
    const { fingerprint } = request
    const id = idOf(request)
    const now = Date.now()
    return this.#together((): Claim => {
      this.#database.prepare('DELETE FROM answers WHERE begun_at <= ?').run(now - 1000 * seconds)
      const known = this.#database.prepare<[Buffer], Row>('SELECT * FROM answers WHERE id = ?').get(id)
      if (known !== undefined) {
        if (!known.request.equals(fingerprint)) return { kind: 'other' }
        if (known.answer !== null) return { kind: 'answered', answer: known.answer }
        return { kind: known.process === this.#process ? 'running' : 'lost' }
      }
      const number = Number(
        this.#database
          .prepare('INSERT INTO answers (id, request, process, begun_at) VALUES (?, ?, ?, ?)')
          .run(id, fingerprint, this.#process, now).lastInsertRowid,
      )
      this.#database.prepare('DELETE FROM answers WHERE number <= ?').run(number - most)
      return { kind: 'new', number }
    })
  }

  /** Keeps what was answered to a request that was new. */
  keep(number: number, answer: string): void {
    this.#together(() =>
      this.#database.prepare('UPDATE answers SET answer = ? WHERE number = ?').run(answer, number),
    )
  }

  /** Forgets a request that was new: the next one with its key is done. */
  release(number: number): void {
    this.#together(() => this.#database.prepare('DELETE FROM answers WHERE number = ?').run(number))
  }

  close(): void {
    this.#database.close()
  }

  #together<T>(work: () => T): T {
    return storeErrors(schema.name, () => this.#database.transaction(work).immediate())
  }
}
