import type { Bundle } from '../../bundles/bundle.js'
import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import { normalisePixels } from '../../images/normalise.js'
import { compareEmbeddings } from '../../networks/compare-embeddings.js'
import { withEmbedder } from '../open-embedder.js'

/**
 * Runs an imported network on two pictures: it must give each an embedding of its own, the same alone as among others.
 *
 * @throws KindredError EMBEDDER_FAILED where it does not run or gives no direction, MODEL_UNSUITABLE
 */
export async function checkEncoder(bundle: Bundle, config: Config): Promise<void> {
  const { input } = bundle.manifest
  const pictures = [3, 7].map((period) => normalisePixels(stripes(input, period), input))
  await withEmbedder(bundle, { ...config, embedBatch: pictures.length }, async (embedder) => {
    const together = await embedder.embed(pictures)
    const alone = await embedder.embed(pictures.slice(0, 1))
    try {
      compareEmbeddings(alone, together.slice(0, 1))
    } catch (cause) {
      throw unsuitable('a picture has another embedding where another one is embedded with it', cause)
    }
    if (isSame(together)) throw unsuitable('two different pictures have the same embedding')
  })
}

/** Coloured diagonal stripes, so that every channel and both directions vary. */
function stripes({ width, height }: { width: number; height: number }, period: number) {
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const phase = (x + 2 * y) / period
      const colour = [0, 1, 2].map((channel) => 127 + 127 * Math.sin(phase + 2 * channel))
      data.set(colour.map(Math.round), 3 * (y * width + x))
    }
  }
  return { width, height, data }
}

const isSame = ([first, second]: readonly Float32Array[]): boolean =>
  first?.every((value, at) => value === second?.[at]) ?? true

const unsuitable = (what: string, cause?: unknown): KindredError =>
  new KindredError('MODEL_UNSUITABLE', `The network does not work as an image encoder: ${what}`, { cause })
