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
  const id = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ''
  const name = file instanceof File ? file.name : ''
  const photo = { id, file, name, shown: URL.createObjectURL(file) }
  photos.set(id, photo)
  return photo
}

/** @returns undefined where the tab that had it is gone */
export const photoOf = (id: string): Photo | undefined => photos.get(id)
