import type { Bundle } from '../bundles/bundle.js'
import type { Config, SettingName } from '../config.js'
import type { Embedder } from '../embedding/embedder.js'
import { createOnnxEmbedder } from '../embedding/onnx-embedder.js'

/** What a command that decodes and embeds pictures can be told. */
export const embeddingSettings = [
  'provider',
  'embedThreads',
  'embedBatch',
  'maxImageBytes',
  'maxImagePixels',
  'allowSvg',
] as const satisfies readonly SettingName[]

/** What a command that decodes in processes of their own can be told. */
export const decodingSettings = ['decoders', 'decodeSeconds'] as const satisfies readonly SettingName[]

/** What a command that makes collections can be told to keep of pictures. */
export const keepingSettings = ['keep', 'thumbnailSide'] as const satisfies readonly SettingName[]

/** Opens an embedder as the settings say (provider, threads, batch); the caller closes it. */
export const openEmbedder = (bundle: Bundle, config: Config): Promise<Embedder> =>
  createOnnxEmbedder(bundle, {
    provider: config.provider,
    threads: config.embedThreads,
    maxBatch: config.embedBatch,
  })

/** Runs `use` with an embedder opened as the settings say (provider, threads, batch), closed whatever happens. */
export async function withEmbedder<T>(
  bundle: Bundle,
  config: Config,
  use: (embedder: Embedder) => Promise<T>,
): Promise<T> {
  const embedder = await openEmbedder(bundle, config)
  try {
    return await use(embedder)
  } finally {
    await embedder.close()
  }
}
