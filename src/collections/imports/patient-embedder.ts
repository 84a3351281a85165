import { setTimeout } from 'node:timers/promises'
import type { Embedder } from '../../embedding/embedder.js'
import { KindredError } from '../../errors.js'
import type { Slots } from './slots.js'

const retryMs = 50

/**
 * An embedder that others use as well: so few pictures wait in it at a time that a search finds room in its queue, and
 * where there is none the import waits instead of failing.
 *
 * @param slots shared by all imports of the embedder
 */
export const patientEmbedder = (embedder: Embedder, slots: Slots, signal: AbortSignal): Embedder => ({
  model: embedder.model,
  dimensions: embedder.dimensions,
  input: embedder.input,
  embed: (inputs, options) =>
    slots.run(async () => {
      for (;;) {
        // It may have waited for its slot for long.
        signal.throwIfAborted()
        try {
          return await embedder.embed(inputs, options)
        } catch (thrown) {
          if (!(thrown instanceof KindredError) || thrown.code !== 'EMBEDDER_BUSY') throw thrown
          await setTimeout(retryMs)
        }
      }
    }),
  // Whoever opened it closes it.
  close: () => Promise.resolve(),
})
