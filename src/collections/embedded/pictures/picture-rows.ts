import type { KeptPicture } from '../../../images/picture-to-keep.js'
import type { KeptPlaces } from '../../item.js'
import { hashOf } from '../embedding-blob.js'
import type { Database } from '../versioned-database.js'

interface Row {
  readonly kind: KeptPicture['kind']
  readonly media_type: KeptPicture['mediaType']
  readonly bytes: Buffer
}

/** The statements on what is kept of pictures. Triggers remove what no item has any more. Transactions are the caller's. */
export class PictureRows {
  readonly #find
  readonly #kindOf
  readonly #put
  readonly #places

  constructor(database: Database) {
    this.#find = database.prepare<[string], Row>(
      'SELECT kind, media_type, bytes FROM pictures WHERE content_hash = ?',
    )
    this.#kindOf = database
      .prepare<[string], KeptPicture['kind']>('SELECT kind FROM pictures WHERE content_hash = ?')
      .pluck()
    this.#put = database.prepare<[string, string, string, Buffer, Buffer]>(
      `INSERT INTO pictures (content_hash, kind, media_type, sha256, bytes) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET kind = excluded.kind, media_type = excluded.media_type, sha256 = excluded.sha256,
         bytes = excluded.bytes`,
    )
    this.#places = database.prepare<[string], KeptPlaces & { id: string }>(
      `SELECT id, path, kind AS picture FROM items LEFT JOIN pictures USING (content_hash)
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
  }

  find(contentHash: string): KeptPicture | null {
    const row = this.#find.get(contentHash)
    return row === undefined ? null : { kind: row.kind, mediaType: row.media_type, bytes: row.bytes }
  }

  places(ids: readonly string[]): Map<string, KeptPlaces> {
    const rows = this.#places.all(JSON.stringify(ids))
    return new Map(rows.map(({ id, path, picture }) => [id, { path, picture }]))
  }

  /**
   * Keeps a picture for the items of a content hash, of which there is one. What is kept already stays, unless the
   * original itself comes in place of its thumbnail.
   *
   * @returns what is kept now
   */
  put(contentHash: string | null, picture: KeptPicture | null): KeptPicture['kind'] | null {
    if (contentHash === null) return null
    const before = this.#kindOf.get(contentHash) ?? null
    if (picture === null || before === picture.kind || before === 'original') return before
    const { kind, mediaType, bytes } = picture
    const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#put.run(contentHash, kind, mediaType, hashOf(bytes), blob)
    return kind
  }
}
