import { completeSpec } from '../../../../src/collections/collection-spec.js'
import type { CollectionSpec } from '../../../../src/collections/collection.js'
import { CollectionFolders } from '../../../../src/collections/embedded/collection-folders.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

/** The folder of an empty collection. */
export async function collectionFolder(spec: CollectionSpec): Promise<string> {
  const folders = await CollectionFolders.open(temporaryFolder())
  folders.create('c', completeSpec(spec))
  return folders.pathOf('c')
}
