import type { ErrorCode } from '../../errors.js'
import type { CropBox } from '../crop-box.js'
import type { InputTransform } from '../input-transform.js'
import type { ImageLimits } from '../limits.js'
import type { Keeping, KeptPicture } from '../picture-to-keep.js'
import type { RgbImage } from '../rgb-image.js'

interface Picture {
  readonly bytes: Uint8Array
  readonly limits: ImageLimits
}

/** `preparePixels`: pixels of the transform's size. */
export interface ToPrepare extends Picture {
  readonly kind: 'prepare'
  readonly transform: InputTransform
  readonly crop: CropBox | null
}

/** `pictureToKeep`. */
export interface ToKeep extends Picture {
  readonly kind: 'keep'
  readonly keeping: Keeping
}

/** One at a time: a picture is answered before the next is sent. */
export type ToDecoder = ToPrepare | ToKeep

/** What is kept; without the bytes where they are those that were sent. */
export type KeptThere = Omit<KeptPicture, 'bytes'> & { readonly bytes: Uint8Array | null }

/** What comes of a picture, by the kind of the work. */
export interface Decoded {
  readonly prepare: RgbImage
  readonly keep: KeptThere | null
}

export type FromDecoder =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: Decoded[keyof Decoded] }
  | {
      readonly kind: 'refused'
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string | undefined
    }
