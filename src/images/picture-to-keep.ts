import { readHeader, type ImageHeader } from './image-header.js'
import type { ImageKind } from './image-kind.js'
import type { ImageLimits } from './limits.js'
import { mediaTypes, type MediaType } from './media-type.js'
import { thumbnailOf } from './thumbnail.js'

/** What is kept of pictures: where they lie, their files, small copies, or nothing. */
export const keeps = ['thumbnail', 'original', 'path', 'none'] as const
export type Keep = (typeof keeps)[number]

export interface Keeping {
  readonly keep: Keep
  /** Shorter side of a thumbnail in pixels. */
  readonly thumbnailSide: number
}

/** What new collections keep, as the program's settings say, of which the choices are these. */
export const keepingFrom = (settings: {
  readonly keep: string
  readonly thumbnailSide: number
}): Keeping => ({
  keep: settings.keep as Keep,
  thumbnailSide: settings.thumbnailSide,
})

/** The bytes that are kept of a picture. */
export interface KeptPicture {
  /** `original`: the very bytes that were given. */
  readonly kind: 'original' | 'thumbnail'
  readonly mediaType: MediaType
  readonly bytes: Uint8Array
}

/** A file up to this size, two or three thumbnails', costs more to make small than to keep. */
const smallFile = 64 * 1024
/** Kinds that browsers show. */
const shown: ReadonlySet<ImageKind> = new Set(['jpeg', 'png', 'webp', 'gif', 'avif'])

export interface KeepOptions {
  readonly limits: ImageLimits
  /** Stops the work where it can be stopped: see DecoderPool. */
  readonly signal?: AbortSignal
}

/** What `pictureToKeep` does, by it or by a DecoderPool. */
export type PictureToKeep = (
  bytes: Uint8Array,
  keeping: Keeping,
  options: KeepOptions,
) => Promise<KeptPicture | null>

/** Whether a collection that keeps so has bytes of pictures. */
export const keepsBytes = ({ keep }: Keeping): boolean => keep === 'thumbnail' || keep === 'original'

/**
 * The one road from a picture's bytes to what is kept of it. A picture that is no larger than its thumbnail would be, and
 * carries no metadata that a thumbnail drops, is kept as it is: what is embedded from it later is exact.
 *
 * @returns null where no bytes are to be kept
 * @throws KindredError as `decodeImage`
 */
export async function pictureToKeep(
  bytes: Uint8Array,
  keeping: Keeping,
  { limits }: KeepOptions,
): Promise<KeptPicture | null> {
  if (!keepsBytes(keeping)) return null
  const { keep, thumbnailSide } = keeping
  const header = await readHeader(bytes, limits)
  if (keep === 'original' || isSmall(header, bytes.length, thumbnailSide)) {
    return { kind: 'original', mediaType: mediaTypes[header.kind], bytes }
  }
  return {
    kind: 'thumbnail',
    mediaType: mediaTypes.jpeg,
    bytes: await thumbnailOf(bytes, header, thumbnailSide, limits),
  }
}

const isSmall = ({ kind, width, height, annotated }: ImageHeader, bytes: number, side: number): boolean =>
  shown.has(kind) && !annotated && bytes <= smallFile && Math.min(width, height) <= side
