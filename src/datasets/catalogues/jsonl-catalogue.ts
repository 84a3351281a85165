import { statSync } from 'node:fs'
import { readLines, type TextLine, type TextLines } from '../text-lines.js'
import { rowError, type CatalogueEntry, type RowContent } from './catalogue-row.js'
import type { Catalogue } from './catalogue.js'
import { fileSignature } from './file-signature.js'
import { resolvePicture, type BadReference, type ResolvePath } from './picture-reference.js'

/**
 * One JSON object a line with `id`, `image` or `embedding`, optionally `group`; every other name is metadata, with the
 * type it has in JSON.
 */
export async function openJsonlCatalogue(
  file: string,
  { resolve, maxRowBytes }: { resolve: ResolvePath; maxRowBytes: number },
): Promise<Catalogue> {
  let reading: TextLines | null = null
  return {
    async *entries() {
      const { lines } = (reading = readLines(file, maxRowBytes))
      for await (const line of lines) yield entryOf(line, resolve)
    },
    share: () => (reading === null ? 0 : reading.bytesRead() / Math.max(1, statSync(file).size)),
    signature: await fileSignature(file),
    close: () => Promise.resolve(),
  }
}

function entryOf({ line, text, problem }: TextLine, resolve: ResolvePath): CatalogueEntry {
  if (text === null) return rowError(line, '', problem ?? 'the line cannot be read')
  const object = parse(text)
  if (object === null) return rowError(line, '', 'the line is not a JSON object')
  const { id, image, embedding, group = null, ...values } = object
  if (typeof id !== 'string' || id === '') return rowError(line, '', `id is ${shown(id)}, not a text`)
  if (group !== null && typeof group !== 'string') {
    return rowError(line, id, `group is ${shown(group)}, not a text`)
  }
  const content = contentOf(image, embedding, resolve)
  if ('reason' in content) return rowError(line, id, content.reason, content.code)
  return {
    kind: 'row',
    row: { row: line, id, content, group: group === '' ? null : group, metadata: { kind: 'values', values } },
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function contentOf(image: unknown, embedding: unknown, resolve: ResolvePath): RowContent | BadReference {
  // null stands for an absent value, as tables written by other programs have it.
  const pictured = image !== undefined && image !== null
  if (pictured === (embedding !== undefined && embedding !== null)) {
    const reason = pictured ? 'both image and embedding' : 'neither image nor embedding'
    return { code: 'DATASET_INVALID', reason }
  }
  if (pictured) {
    if (typeof image === 'string' && image !== '') return resolvePicture(image, resolve)
    return { code: 'DATASET_INVALID', reason: `image is ${shown(image)}, not a text` }
  }
  if (!Array.isArray(embedding) || !embedding.every((value) => typeof value === 'number')) {
    return { code: 'INVALID_EMBEDDING', reason: `embedding is ${shown(embedding)}, not an array of numbers` }
  }
  return { kind: 'embedding', values: Float32Array.from(embedding) }
}

/** A value as it stood, short enough for a message. */
function shown(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
