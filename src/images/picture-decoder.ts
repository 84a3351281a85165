import { pictureToKeep, type PictureToKeep } from './picture-to-keep.js'
import { prepareInput, type PrepareInput } from './prepare-input.js'

/** Where pictures are decoded: in this process, or in others that can be stopped (`DecoderPool`). */
export interface PictureDecoder {
  readonly prepareInput: PrepareInput
  readonly pictureToKeep: PictureToKeep
}

/** In this process, where nothing stops a decode that has begun. */
export const decodesHere: PictureDecoder = { prepareInput, pictureToKeep }
