import type { ErrorCode } from '../../errors.js'
import type { CropBox } from '../crop-box.js'
import type { InputTransform } from '../input-transform.js'
import type { ImageLimits } from '../limits.js'
import type { RgbImage } from '../rgb-image.js'

/** One at a time: a picture is answered before the next is sent. */
export interface ToDecoder {
  readonly bytes: Uint8Array
  readonly transform: InputTransform
  readonly limits: ImageLimits
  readonly crop: CropBox | null
}

export type FromDecoder =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'decoded'
      /** Of the transform's size. */
      readonly image: RgbImage
    }
  | {
      readonly kind: 'refused'
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string | undefined
    }
