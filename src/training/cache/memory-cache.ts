import type { PictureCache } from './picture-cache.js'

/** Pictures in memory. @param maxBytes most bytes of pixels that are kept */
export function createMemoryCache(maxBytes: number): PictureCache {
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    keep(picture) {
      if (bytes + picture.data.length > maxBytes) return Promise.resolve(null)
      bytes += picture.data.length
      return Promise.resolve(() => Promise.resolve(picture))
    },
    close: () => Promise.resolve(),
  }
}
