import type { Database } from '../versioned-database.js'
import { hashOf } from '../embedding-blob.js'

/** What is wrong with the kept pictures, by their content hashes; found by reading all of them. */
export function findPictureDamage(database: Database): { pictures: string[]; strayPictures: string[] } {
  if (!keepsPictures(database)) return { pictures: [], strayPictures: [] }
  const rows = database
    .prepare<[], { hash: string; sha256: Buffer; bytes: Buffer }>(
      'SELECT content_hash AS hash, sha256, bytes FROM pictures',
    )
    .iterate()
  const pictures: string[] = []
  for (const { hash, sha256, bytes } of rows) if (!hashOf(bytes).equals(sha256)) pictures.push(hash)
  return { pictures, strayPictures: findStrayPictures(database) }
}

/** By content hash: pictures that no item has. */
export const findStrayPictures = (database: Database): string[] =>
  database
    .prepare<[], string>(
      `SELECT content_hash FROM pictures
       WHERE NOT EXISTS (SELECT 1 FROM items WHERE items.content_hash = pictures.content_hash)`,
    )
    .pluck()
    .all()

/** Whether the database is of a version that keeps pictures; an older one is brought up to date when it is opened. */
const keepsPictures = (database: Database): boolean =>
  database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'pictures'`).get() !== undefined
