import { rmSync } from 'node:fs'
import { timeImport } from '../import/time-import.js'
import { folderBytes, paths } from './scale-folder.js'
import type { ScaleSettings } from './scale-settings.js'

export interface LoadFigures {
  readonly seconds: number
  readonly perSecond: number
  /** Of the store, without a whole graph. */
  readonly bytes: number
}

/** Imports the source as a job, and removes it. */
export async function loadItems({ folder, items, dimensions }: ScaleSettings): Promise<LoadFigures> {
  const { store, embeddings, ids } = paths(folder)
  const seconds = await timeImport({ folder: store, source: embeddings, ids, embedder: null, dimensions })
  for (const file of [embeddings, ids]) rmSync(file)
  return { seconds, perSecond: items / seconds, bytes: folderBytes(store) }
}
