import path from 'node:path'
import { countEntries } from '../count-entries.js'
import { walkPictures } from '../walk-pictures.js'
import { noMetadata } from './catalogue-row.js'
import type { Catalogue } from './catalogue.js'

/**
 * Every picture below a folder; its id is the relative path with `/`.
 *
 * @param within real paths of the only folders that links may lead to; absent, they may lead anywhere
 */
export async function openFolderCatalogue(folder: string, within?: readonly string[]): Promise<Catalogue> {
  const root = path.resolve(folder)
  // Names alone, thousands in the time of one embedding: then it can be said how much is left.
  const total = await countEntries(walkPictures(root, within))
  let row = 0
  return {
    async *entries() {
      row = 0
      for await (const id of walkPictures(root, within)) {
        const file = path.join(root, id)
        yield {
          kind: 'row',
          row: {
            row: ++row,
            id,
            content: { kind: 'file', file, name: file },
            group: null,
            metadata: noMetadata,
          },
        }
      }
    },
    // Pictures may have come since they were counted.
    share: () => (total === 0 ? null : Math.min(1, row / total)),
    signature: null,
    close: () => Promise.resolve(),
  }
}
