import { availableParallelism } from 'node:os'
import path from 'node:path'
import { networkFile, type Bundle } from '../bundles/bundle.js'
import { expected, KindredError, toKindredError } from '../errors.js'
import type { Embedder } from './embedder.js'
import { MicroBatcher } from './micro-batcher.js'
import type { OnnxSettings } from './onnx-protocol.js'
import { startOnnxSession, type OnnxSession } from './onnx-session.js'
import { RestartingSession } from './restarting-session.js'
import { unitLength } from './unit-length.js'

export interface OnnxEmbedderOptions {
  /** Execution provider: `cpu`, `webgpu` or `cuda`. */
  readonly provider: string
  /** Threads of one run; 0 takes one per core. */
  readonly threads: number
  /** Most pictures in one run. */
  readonly maxBatch: number
  /** Most pictures that may wait for a run before calls are refused with EMBEDDER_BUSY. */
  readonly maxQueue?: number
}

const hints: Readonly<Record<string, string | undefined>> = {
  cpu: undefined,
  webgpu: 'WebGPU needs a GPU with a Vulkan, Metal or Direct3D 12 driver. Use --provider cpu otherwise.',
  cuda:
    'CUDA needs Linux x64, an NVIDIA GPU, CUDA 12 with cuDNN 9, and the CUDA libraries of onnxruntime-node ' +
    '(ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node). Use --provider cpu otherwise.',
}

/**
 * Opens a bundle's network in ONNX Runtime, in a thread of its own, and runs it once to check its output.
 *
 * Inputs given to `embed` stay the caller's: they are copied into a batch when their run starts, and must not change
 * until the promise is settled. A thread that dies takes its run with it (EMBEDDER_FAILED); the next run gets a new one.
 *
 * @throws KindredError EMBEDDER_FAILED where the provider or the network does not work; INVALID_ARGUMENT
 */
export async function createOnnxEmbedder(bundle: Bundle, options: OnnxEmbedderOptions): Promise<Embedder> {
  const { provider, threads, maxBatch, maxQueue = 1024 } = options
  if (!Object.hasOwn(hints, provider)) {
    throw expected(`one of ${Object.keys(hints).join(', ')}`, 'provider', provider)
  }
  checkWhole('threads', threads, 0)
  checkWhole('maxBatch', maxBatch, 1)
  checkWhole('maxQueue', maxQueue, 0)
  const { input, embedding, onnx } = bundle.manifest
  const { width, height, layout } = input
  const settings: OnnxSettings = {
    file: path.join(bundle.folder, networkFile),
    inputName: onnx.input,
    outputName: onnx.output,
    inputShape: layout === 'nchw' ? [3, height, width] : [height, width, 3],
    dimensions: embedding.dimensions,
    provider,
    threads: threads === 0 ? availableParallelism() : threads,
  }
  const sessions = await RestartingSession.start(() => startSession(bundle.model, settings))
  const size = 3 * width * height
  const batcher = new MicroBatcher<Float32Array, Float32Array>({
    maxBatch: sessions.fixedBatch ?? maxBatch,
    maxQueue,
    async run(inputs) {
      const session = await sessions.current()
      const packed = new Float32Array(inputs.length * size)
      inputs.forEach((values, i) => {
        packed.set(values, i * size)
      })
      const values = await session.run(packed, inputs.length)
      return inputs.map((_, i) =>
        unitLength(values.subarray(i * embedding.dimensions, (i + 1) * embedding.dimensions)),
      )
    },
  })
  return {
    model: bundle.model,
    dimensions: embedding.dimensions,
    input,
    async embed(inputs, { signal } = {}) {
      inputs.forEach((values, i) => {
        if (values.length !== size) throw expected(`${size} values`, `inputs[${i}]`, values.length)
      })
      return batcher.submit(inputs, signal)
    },
    async close() {
      await batcher.close()
      await sessions.close()
    },
  }
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) throw expected(`a whole number from ${least}`, name, value)
}

async function startSession(model: string, settings: OnnxSettings): Promise<OnnxSession> {
  const { provider } = settings
  try {
    const session = await startOnnxSession(settings)
    if (session.fixedBatch === null || session.fixedBatch === 1) return session
    await session.close()
    throw new Error(`its graph takes ${session.fixedBatch} pictures at a time, no more and no fewer`)
  } catch (cause) {
    const hint = hints[provider]
    throw new KindredError(
      'EMBEDDER_FAILED',
      `${model} does not run on the provider ${provider}: ${toKindredError(cause).message}`,
      { cause, ...(hint !== undefined && { hint }) },
    )
  }
}
