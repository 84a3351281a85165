import { storedPhoto, storePhoto } from './stored-photos.js'

/** A picture that somebody gave, for as long as the tab is open. */
export interface Photo {
  readonly id: string
  readonly file: Blob
  readonly name: string
  /** An object URL. */
  readonly shown: string
}

const photos = new Map<string, Photo>()

/** Keeps a picture, so that the back button finds it again. It goes to the server with a search, and nowhere else. */
export function keepPhoto(file: Blob): Photo {
  const chance = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ''
  const photo = remember(`${Date.now().toString(36)}-${chance}`, file)
  // One that cannot be read is told of by the search.
  storePhoto(photo.id, file, photo.name).catch(() => undefined)
  return photo
}

/** @returns undefined where the tab that had it is gone, or it was too large to outlast that the page was loaded anew */
export function photoOf(id: string): Photo | undefined {
  const known = photos.get(id)
  if (known !== undefined) return known
  const stored = storedPhoto(id)
  return stored && remember(id, stored)
}

function remember(id: string, file: Blob): Photo {
  const photo = { id, file, name: file instanceof File ? file.name : '', shown: URL.createObjectURL(file) }
  photos.set(id, photo)
  return photo
}
