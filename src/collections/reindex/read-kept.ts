import { KindredError } from '../../errors.js'
import type { KeptItem } from '../item.js'
import { readIfSame } from '../imports/read-if-same.js'

export interface KeptBytes {
  readonly bytes: Uint8Array
  /** Whether they are a thumbnail's and not the picture's own. */
  readonly thumbnail: boolean
}

/**
 * The best that is kept of a picture: the file where it lay if that is still the same, then the original, then the
 * thumbnail.
 *
 * @throws KindredError IMAGE_NOT_KEPT
 */
export async function readKept(
  { contentHash, path, picture }: KeptItem,
  maxBytes: number,
): Promise<KeptBytes> {
  const bytes = path === null ? null : await readIfSame(path, contentHash, maxBytes)
  if (bytes !== null) return { bytes, thumbnail: false }
  if (picture !== null) return { bytes: picture.bytes, thumbnail: picture.kind === 'thumbnail' }
  throw new KindredError('IMAGE_NOT_KEPT', whyNothing(contentHash, path))
}

function whyNothing(contentHash: string | null, path: string | null): string {
  if (path !== null)
    return 'The file that the picture was read from is gone or has changed, and no copy is kept'
  if (contentHash === null) return 'The embedding was made elsewhere: there is no picture of the item'
  return 'Nothing is kept of the picture, or the embedding was made elsewhere'
}
