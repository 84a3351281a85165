import { loadBundle } from '../../src/bundles/load-bundle.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'

/** A program that ends with code 3 while its embedder computes: `exit-while-embedding.ts BUNDLE MILLISECONDS`. */
const [folder = '', milliseconds = ''] = process.argv.slice(2)
const bundle = await loadBundle(folder)
const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 0, maxBatch: 8 })
const { width, height } = embedder.input
const inputs = Array.from({ length: 512 }, () => new Float32Array(3 * width * height).fill(0.5))
embedder.embed(inputs).catch(() => undefined)
setTimeout(() => {
  process.exit(3)
}, Number(milliseconds))
