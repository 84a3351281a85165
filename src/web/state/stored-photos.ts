import { fromBase64, toBase64 } from '../api/base64.js'

/** No browser's sessionStorage holds more characters: for what is larger no other photo need go. */
const mostCharacters = 5_200_000
const prefix = 'kindred-photo-'

/**
 * Keeps a photo for when the page is loaded anew in this tab, with which it goes; the oldest make room for it. One that is too
 * large is not kept.
 *
 * @param id ids of later photos come after it in the order of characters
 */
export async function storePhoto(id: string, file: Blob, name: string): Promise<void> {
  const text = JSON.stringify([name, file.type, await toBase64(file)])
  while (text.length < mostCharacters) {
    try {
      sessionStorage.setItem(prefix + id, text)
      return
    } catch {
      const [oldest] = Object.keys(sessionStorage)
        .filter((one) => one.startsWith(prefix))
        .sort()
      if (oldest === undefined) return
      sessionStorage.removeItem(oldest)
    }
  }
}

/** @returns undefined where it was not kept */
export function storedPhoto(id: string): File | undefined {
  const text = sessionStorage.getItem(prefix + id)
  if (text === null) return undefined
  const [name, type, base64] = JSON.parse(text) as [string, string, string]
  return new File([fromBase64(base64)], name, { type })
}
