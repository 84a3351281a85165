/** What a picture may cost; held against its bytes and its header, before any pixel is decoded. */
export interface ImageLimits {
  /** Largest file accepted, in bytes. */
  readonly maxBytes: number
  /** Most pixels (width x height of the first frame or page) accepted. */
  readonly maxPixels: number
  /** Whether SVG is rendered. Off by default: a small drawing can ask for any amount of work. */
  readonly allowSvg: boolean
}

export const defaultImageLimits: ImageLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxPixels: 64_000_000,
  allowSvg: false,
}

/** The limits that the program's settings ask for. */
export function imageLimitsFrom(settings: {
  readonly maxImageBytes: number
  readonly maxImagePixels: number
  readonly allowSvg: boolean
}): ImageLimits {
  return {
    maxBytes: settings.maxImageBytes,
    maxPixels: settings.maxImagePixels,
    allowSvg: settings.allowSvg,
  }
}
