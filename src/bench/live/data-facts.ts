import { createHash } from 'node:crypto'
import type { DataFacts } from './bench-run.js'
import type { Gallery } from './retrieval/gallery.js'
import type { QueryRecord } from './retrieval/retrieval-run.js'

/** What tells the data of one run from those of another. */
export function dataFacts(
  name: string,
  queries: readonly Pick<QueryRecord, 'id' | 'contentHash' | 'label'>[],
  gallery: Gallery | null,
): DataFacts {
  const lines = queries.map(({ id, contentHash, label }) => [id, contentHash ?? '', label ?? ''].join('\t'))
  return {
    name,
    queries: queries.length,
    queriesHash: hashOfLines(lines.sort()),
    galleryHash: gallery && hashOfLines(gallery.lines),
  }
}

function hashOfLines(lines: readonly string[]): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return hash.digest('hex')
}
