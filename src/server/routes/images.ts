import { Readable } from 'node:stream'
import type { Handlers } from '../contract/operation-types.js'
import type { ImageService } from '../services/image-service.js'

/** /v1/collections/{collection}/items/{id}/image */
export const imageHandlers = (images: ImageService): Pick<Handlers, 'getItemImage'> => ({
  async getItemImage({ path, query, signal }) {
    const size = query.size ?? 'thumbnail'
    const { bytes, mediaType, etag } = await images.get(path.collection, path.id, size, signal)
    return {
      status: 200,
      type: mediaType,
      stream: Readable.from([bytes]),
      headers: {
        ETag: etag,
        'Content-Length': String(bytes.length),
        // The item may be replaced, and whoever may see it needs a key: no cache shows it unasked.
        'Cache-Control': 'private, no-cache',
        'X-Content-Type-Options': 'nosniff',
        // An SVG can hold scripts.
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      },
    }
  },
})
