import { mkdirSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { npyHeader } from '../../../src/evaluation/npy-header.js'
import { clusteredEmbeddings } from '../clustered-embeddings.js'
import { paths } from './scale-folder.js'
import type { ScaleSettings } from './scale-settings.js'

/** Writes a matrix of embeddings with their ids, and queries from the same clusters that are not in it. */
export async function makeSource(settings: ScaleSettings): Promise<{ bytes: number }> {
  const { folder, items, queries, dimensions } = settings
  const files = paths(folder)
  mkdirSync(folder, { recursive: true })
  const { embeddings } = clusteredEmbeddings({ ...settings, count: items + queries })
  const header = npyHeader(items, dimensions)
  const bytes = Buffer.from(embeddings.buffer, 0, 4 * items * dimensions)
  const file = await open(files.embeddings, 'w')
  try {
    await file.writeFile(header)
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
  writeFileSync(files.queries, Buffer.from(embeddings.buffer, bytes.byteLength))
  writeFileSync(files.ids, Array.from({ length: items }, (_, at) => `${idOf(at)}\n`).join(''))
  return { bytes: header.byteLength + bytes.byteLength }
}

/** The id of a row, from 0. */
export const idOf = (row: number): string => `item-${row}`
