import type { Client } from '../../client/client.js'

/** Asked for at the same time; the browser has a few connections for all that the page does. */
const atOnce = 4
const kept = 400
/** Then it is asked for again, which costs little: the server answers that nothing has changed. */
const freshMs = 60_000

interface Entry {
  readonly url: Promise<string>
  readonly since: number
}

/** Thumbnails as object URLs. They are fetched with the key, which an <img> could not send. */
export class PictureCache {
  readonly #client: Client
  readonly #entries = new Map<string, Entry>()
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(client: Client) {
    this.#client = client
  }

  /** @throws ApiProblem IMAGE_NOT_KEPT, and whatever else a request can end with */
  get(collection: string, id: string): Promise<string> {
    const name = JSON.stringify([collection, id])
    const known = this.#entries.get(name)
    if (known !== undefined && Date.now() - known.since < freshMs) return known.url
    this.#entries.delete(name)
    const url = this.#fetch(collection, id)
    this.#entries.set(name, { url, since: Date.now() })
    url.catch(() => this.#entries.delete(name))
    this.#forgetOldest()
    return url
  }

  async #fetch(collection: string, id: string): Promise<string> {
    if (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running++
    try {
      const response = await this.#client.getItemImage({ path: { collection, id } })
      return URL.createObjectURL(await response.blob())
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  #forgetOldest(): void {
    for (const [name, { url }] of this.#entries) {
      if (this.#entries.size <= kept) return
      this.#entries.delete(name)
      // A picture that is on the screen stays there.
      url.then(
        (old) => {
          URL.revokeObjectURL(old)
        },
        () => undefined,
      )
    }
  }
}
