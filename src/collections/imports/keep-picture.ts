import { pictureToKeep, type Keeping, type KeptPicture } from '../../images/picture-to-keep.js'
import type { ImageLimits } from '../../images/limits.js'
import type { KeptPlaces } from '../item.js'
import type { PictureBytes } from './read-picture.js'

/** What an item says of its picture beside the embedding. */
export interface Kept {
  readonly path: string | null
  readonly picture: KeptPicture | null
}

/** What a collection that keeps so keeps of a picture. @throws KindredError as `decodeImage` */
export async function keepPicture(
  { bytes, path }: Pick<PictureBytes, 'bytes' | 'path'>,
  keeping: Keeping,
  limits: ImageLimits,
): Promise<Kept> {
  return { path: pathToKeep(path, keeping), picture: await pictureToKeep(bytes, keeping, limits) }
}

/**
 * The same for an item that has the very picture: null where nothing is to be added to what is kept of it. A collection
 * of an older version, or of another place, learns so what it lacks.
 */
export async function keepLacking(
  read: Pick<PictureBytes, 'bytes' | 'path'>,
  kept: KeptPlaces,
  keeping: Keeping,
  limits: ImageLimits,
): Promise<Kept | null> {
  const { keep } = keeping
  const lacks =
    (keep === 'thumbnail' && kept.picture === null) || (keep === 'original' && kept.picture !== 'original')
  const path = pathToKeep(read.path, keeping)
  if (!lacks) return path === kept.path ? null : { path, picture: null }
  return { path, picture: await pictureToKeep(read.bytes, keeping, limits) }
}

const pathToKeep = (path: string | null, { keep }: Keeping): string | null =>
  keep === 'path' || keep === 'thumbnail' ? path : null
