import type { Call, components } from '../../../client/client.js'
import { toBase64 } from '../../api/base64.js'
import { PictureTooLarge } from '../../api/explain.js'
import { bytes } from '../../format/numbers.js'
import type { Server } from '../../state/session.js'
import { photoOf } from '../../state/photos.js'
import type { Address, Crop, Example } from '../../state/address.js'
import { cropPhoto } from './crop-photo.js'

type Request = NonNullable<Call<'search'>['body']>
type ApiExample = components['schemas']['Example']

/** A picture that was in another tab, or that was too large to outlast that the page was loaded anew. */
export class PhotoGone extends Error {}

/** Items of a group that an answer shows. */
const groupSize = 5

/** What is common to all ways to ask. */
function optionsOf({ k, minScore, groupBy, filter }: Address, cursor: string | null) {
  return {
    k,
    ...(minScore !== null && { minScore }),
    ...(groupBy !== null && { groupBy, groupSize }),
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(cursor !== null && { cursor }),
  }
}

/**
 * Writes the address as a search of the API: a single picture goes as a file, several as examples.
 *
 * @param cursor of the answer before; null for the first page
 * @throws PhotoGone, PictureTooLarge
 */
export async function toRequest(
  address: Address,
  cursor: string | null,
  { imageBytes }: Server['limits'],
): Promise<Request> {
  const { like, unlike, crop } = address
  const options = optionsOf(address, cursor)
  const [only] = like
  if (only !== undefined && like.length === 1 && unlike.length === 0) {
    const cropped = crop === null ? {} : { crop: [...crop] as [number, number, number, number] }
    switch (only.kind) {
      case 'item':
        return { itemId: only.id, ...options }
      case 'url':
        return { url: only.url, ...cropped, ...options }
      case 'photo':
        return { image: fileOf(only.id, imageBytes), ...cropped, ...options }
    }
  }
  return {
    // A crop is of the picture that came first; the others came beside it.
    positive: await Promise.all(
      like.map((example, n) => toExample(example, n === 0 ? crop : null, imageBytes)),
    ),
    ...(unlike.length > 0 && {
      negative: await Promise.all(unlike.map((example) => toExample(example, null, imageBytes))),
    }),
    ...options,
  }
}

async function toExample(example: Example, crop: Crop | null, most: number): Promise<ApiExample> {
  switch (example.kind) {
    case 'item':
      return { itemId: example.id }
    case 'url':
      return { url: example.url }
    case 'photo': {
      const file = fileOf(example.id, most)
      return { base64: await toBase64(crop === null ? file : await cropPhoto(file, crop)) }
    }
  }
}

/** @param most bytes that the server takes: it would cut the line before the browser could read why */
function fileOf(id: string, most: number): Blob {
  const photo = photoOf(id)
  if (photo === undefined) throw new PhotoGone('The photo was in another tab')
  const { size } = photo.file
  if (size > most) throw new PictureTooLarge(`It has ${bytes(size)}; this server takes ${bytes(most)}`)
  return photo.file
}
