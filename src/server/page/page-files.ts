import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** A file of the page, ready to be sent. */
export interface PageFile {
  /** What Express calls its type. */
  readonly type: string
  readonly plain: Buffer
  readonly gzipped: Buffer
}

/** dist/web, three folders above this file in src/ and in dist/ alike. */
export const builtPage = path.resolve(import.meta.dirname, '../../../dist/web')

/**
 * Reads the page into memory, packed and not: it is small, and so nothing that a request names ever becomes a path.
 *
 * @param folder that the build made
 * @returns the files by their paths (`index.html`, `assets/main-HASH.js`); null where the page is not built
 */
export function readPage(folder: string): ReadonlyMap<string, PageFile> | null {
  if (!existsSync(path.join(folder, 'index.html'))) return null
  const assets = path.join(folder, 'assets')
  const names = ['index.html', ...readdirSync(assets).map((name) => `assets/${name}`)]
  return new Map(
    names.map((name) => {
      const plain = readFileSync(path.join(folder, name))
      return [name, { type: path.extname(name), plain, gzipped: gzipSync(plain) }]
    }),
  )
}
