/** Pixels in sRGB, upright, without alpha. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  /** Red, green, blue of each pixel, row by row: 3 * width * height values. */
  readonly data: Uint8Array
}
