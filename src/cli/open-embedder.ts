import type { Bundle } from '../bundles/bundle.js'
import type { Config } from '../config.js'
import type { Embedder } from '../embedding/embedder.js'
import { createOnnxEmbedder } from '../embedding/onnx-embedder.js'

/** Runs `use` with an embedder opened as the settings say (provider, threads, batch), closed whatever happens. */
export async function withEmbedder<T>(
  bundle: Bundle,
  config: Config,
  use: (embedder: Embedder) => Promise<T>,
): Promise<T> {
  const embedder = await createOnnxEmbedder(bundle, {
    provider: config.provider,
    threads: config.embedThreads,
    maxBatch: config.embedBatch,
  })
  try {
    return await use(embedder)
  } finally {
    await embedder.close()
  }
}
