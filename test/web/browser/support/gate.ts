import type { Embedder } from '../../../../src/embedding/embedder.js'

/** Holds embedding up for as long as it is shut, so that a test sees what the page shows meanwhile. */
export class Gate {
  #shut: { readonly opened: Promise<void>; readonly arrived: () => void } | undefined
  #open: () => void = () => undefined

  /** An embedder that embeds as another does, but not before the gate is open. */
  readonly around = (embedder: Embedder): Embedder => ({
    ...embedder,
    embed: async (inputs, options) => {
      const shut = this.#shut
      shut?.arrived()
      await shut?.opened
      return embedder.embed(inputs, options)
    },
  })

  /** @returns once something waits at the gate */
  shut(): Promise<void> {
    const opened = new Promise<void>((resolve) => {
      this.#open = resolve
    })
    return new Promise((resolve) => {
      this.#shut = { opened, arrived: resolve }
    })
  }

  open(): void {
    this.#open()
    this.#shut = undefined
  }
}
