import type { RgbImage } from '../../images/rgb-image.js'

/** Where decoded pictures are kept for the length of a run. */
export interface PictureCache {
  /** Bytes of what is kept. */
  readonly bytes: number
  /**
   * Keeps a picture if there is room for it.
   *
   * @returns what gives it back, pixel by pixel the same; null where there is no room
   * @throws KindredError CACHE_FAILED
   */
  keep(picture: RgbImage): Promise<KeptPicture | null>
  /** Lets go of everything; what is read afterwards is not there. */
  close(): Promise<void>
}

export type KeptPicture = () => Promise<RgbImage>
