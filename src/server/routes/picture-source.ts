import type { GivenPicture } from '../services/picture-service.js'

/** The one picture of a request: its file, its base64, or where it is. */
export function pictureOf(
  files: readonly Uint8Array[],
  { base64, url }: { readonly base64?: string | undefined; readonly url?: string | undefined },
): GivenPicture | undefined {
  if (files[0] !== undefined) return { bytes: files[0], field: 'image' }
  if (base64 !== undefined) return { bytes: Buffer.from(base64, 'base64'), field: 'base64' }
  return url === undefined ? undefined : { url, field: 'url' }
}
