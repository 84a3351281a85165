import type { PictureDecoder } from '../../images/picture-decoder.js'
import type { KeepOptions, Keeping, KeptPicture } from '../../images/picture-to-keep.js'
import type { KeptPlaces } from '../item.js'
import type { PictureBytes } from './read-picture.js'

/** What an item says of its picture beside the embedding. */
export interface Kept {
  readonly path: string | null
  readonly picture: KeptPicture | null
}

/** What a collection keeps of pictures, and where they are decoded for that. */
export interface KeepParts {
  readonly keeping: Keeping
  readonly decoder: Pick<PictureDecoder, 'pictureToKeep'>
}

/**
 * What a collection that keeps so keeps of a picture.
 *
 * @throws KindredError as `decodeImage`; IMAGE_TIMEOUT; the signal's reason
 */
export async function keepPicture(
  { bytes, path }: Pick<PictureBytes, 'bytes' | 'path'>,
  { keeping, decoder }: KeepParts,
  options: KeepOptions,
): Promise<Kept> {
  const picture = await decoder.pictureToKeep(bytes, keeping, options)
  return { path: pathToKeep(path, keeping), picture }
}

/**
 * The same for an item that has the very picture: null where nothing is to be added to what is kept of it. A collection
 * of an older version, or of another place, learns so what it lacks.
 */
export async function keepLacking(
  read: Pick<PictureBytes, 'bytes' | 'path'>,
  kept: KeptPlaces,
  parts: KeepParts,
  options: KeepOptions,
): Promise<Kept | null> {
  const { keep } = parts.keeping
  const lacks =
    (keep === 'thumbnail' && kept.picture === null) || (keep === 'original' && kept.picture !== 'original')
  if (lacks) return keepPicture(read, parts, options)
  const path = pathToKeep(read.path, parts.keeping)
  return path === kept.path ? null : { path, picture: null }
}

const pathToKeep = (path: string | null, { keep }: Keeping): string | null =>
  keep === 'path' || keep === 'thumbnail' ? path : null
