import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Bundle } from '../../src/bundles/bundle.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../src/embedding/onnx-embedder.js'
import { createRandom } from '../../src/datasets/random.js'
import type * as WorkerThread from '../../src/worker-thread.js'
import { writeTinyBundle, type TinyBundleOptions } from '../support/tiny-bundle.js'
import { tinyMatrix } from '../support/tiny-onnx.js'

/** The threads that were started, so that a test can end one as a crash would. */
const threads = vi.hoisted((): Worker[] => [])
vi.mock(import('../../src/worker-thread.js'), async (original) => {
  const module: typeof WorkerThread = await original()
  return {
    startWorker: (...args: Parameters<typeof module.startWorker>) => {
      const worker = module.startWorker(...args)
      threads.push(worker)
      return worker
    },
  }
})

const size = 32
const dimensions = 16
const values = 3 * size * size

let folder: string
let bundle: Bundle
/** For the tests that leave it as it was. */
let shared: Embedder
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-embedder-'))
  bundle = await writeTinyBundle(path.join(folder, 'tiny'), { size, dimensions })
  shared = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
})
afterAll(async () => {
  await shared.close()
  await rm(folder, { recursive: true, force: true })
})

const opened: Embedder[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()))
  threads.splice(0)
})

async function open(options: Partial<OnnxEmbedderOptions> = {}, from = bundle): Promise<Embedder> {
  const embedder = await createOnnxEmbedder(from, { provider: 'cpu', threads: 1, maxBatch: 4, ...options })
  opened.push(embedder)
  return embedder
}

const another = (name: string, options: TinyBundleOptions) =>
  writeTinyBundle(path.join(folder, name), { size, dimensions, ...options })

const random = createRandom(7)
const randomInput = () => Float32Array.from({ length: values }, () => random() * 2 - 1)

/** The network of tiny-onnx.ts in plain loops. */
function expectedEmbedding(input: Float32Array): number[] {
  const half = size / 2
  const quarters = [0, 1, 2].flatMap((channel) =>
    [0, 1].flatMap((row) =>
      [0, 1].map((column) => {
        let sum = 0
        for (let y = row * half; y < (row + 1) * half; y++) {
          for (let x = column * half; x < (column + 1) * half; x++) {
            sum += input[(channel * size + y) * size + x] ?? NaN
          }
        }
        return sum / (half * half)
      }),
    ),
  )
  const matrix = tinyMatrix(dimensions)
  const raw = Array.from({ length: dimensions }, (_, d) =>
    quarters.reduce((sum, quarter, i) => sum + quarter * (matrix[d * quarters.length + i] ?? NaN), 0),
  )
  const length = Math.hypot(...raw)
  return raw.map((value) => value / length)
}

const expectClose = (actual: Float32Array | undefined, wanted: number[]) => {
  expect(actual).toHaveLength(wanted.length)
  wanted.forEach((value, i) => {
    expect(actual?.[i]).toBeCloseTo(value, 5)
  })
}

describe('embeddings', () => {
  test('are what the network computes, at unit length, with external weights found beside the graph', async () => {
    const inputs = [randomInput(), randomInput(), randomInput()]
    const embeddings = await shared.embed(inputs)
    inputs.forEach((input, i) => {
      expectClose(embeddings[i], expectedEmbedding(input))
    })
    for (const embedding of embeddings) {
      expect(Math.abs(Math.hypot(...embedding) - 1)).toBeLessThan(1e-6)
      expect(embedding.byteLength).toBe(embedding.buffer.byteLength)
    }
  })

  test('are the same alone, in a batch and among other calls', async () => {
    const inputs = Array.from({ length: 11 }, randomInput)
    const alone: (Float32Array | undefined)[] = []
    for (const input of inputs) alone.push((await shared.embed([input]))[0])
    const together = await shared.embed(inputs)
    const apart = await Promise.all(inputs.map((input) => shared.embed([input])))
    inputs.forEach((_, i) => {
      expectClose(together[i], [...(alone[i] ?? [])])
      expectClose(apart[i]?.[0], [...(alone[i] ?? [])])
    })
  })

  test('carry the bundle: model, dimensions, input', async () => {
    expect(shared.model).toBe(bundle.model)
    expect(shared.dimensions).toBe(dimensions)
    expect(shared.input).toEqual(bundle.manifest.input)
    expect(await shared.embed([])).toEqual([])
  })

  test('leave the inputs with the caller, also views into a larger buffer', async () => {
    const whole = new Float32Array(values * 3).map(() => random())
    const view = whole.subarray(values, 2 * values)
    const before = view.slice()
    const [embedding] = await shared.embed([view])
    expect(view).toEqual(before)
    expect(whole).toHaveLength(values * 3)
    expectClose(embedding, expectedEmbedding(before))
  })

  test('take any number of threads', async () => {
    const embedder = await open({ threads: 0 })
    const input = randomInput()
    expectClose((await embedder.embed([input]))[0], expectedEmbedding(input))
  })
})

describe('what cannot be embedded', () => {
  test('a wrong number of values is named', async () => {
    await expect(shared.embed([randomInput(), new Float32Array(5)])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `Expected ${values} values for inputs[1] but received 5 of type number`,
    })
  })

  test('an answer without a direction fails its own call alone', async () => {
    const good = randomInput()
    const first = shared.embed([good])
    const calls = await Promise.allSettled([
      shared.embed([new Float32Array(values).fill(NaN)]),
      shared.embed([new Float32Array(values)]),
      shared.embed([good]),
    ])
    expect(calls[0]).toMatchObject({ reason: { code: 'EMBEDDER_FAILED', message: /not finite/ } })
    expect(calls[1]).toMatchObject({ reason: { code: 'EMBEDDER_FAILED', message: /all-zero/ } })
    expect(calls[2]).toMatchObject({ status: 'fulfilled', value: await first })
  })
})

describe('creation fails with EMBEDDER_FAILED and a reason when', () => {
  const refused = (options: Partial<OnnxEmbedderOptions>, from: Bundle, message: RegExp, hint?: RegExp) =>
    expect(open(options, from)).rejects.toMatchObject({
      code: 'EMBEDDER_FAILED',
      message: expect.stringMatching(message) as string,
      hint: hint === undefined ? undefined : (expect.stringMatching(hint) as string),
    })

  test('the network has other dimensions than the manifest', async () => {
    const wrong = await another('wrong-dimensions', { manifest: { embedding: { dimensions: 8 } } })
    await refused({}, wrong, /output embedding is 1 x 16 instead of 1 x 8/)
  })

  test('the graph has no such input or output', async () => {
    const input = await another('no-input', { manifest: { onnx: { input: 'pixels', output: 'embedding' } } })
    await refused({}, input, /no input pixels, only image/)
    const output = await another('no-output', { manifest: { onnx: { input: 'image', output: 'features' } } })
    await refused({}, output, /no output features, only embedding/)
  })

  test('the layout of the input does not fit', async () => {
    const nhwc = await another('nhwc', { manifest: { input: { ...bundle.manifest.input, layout: 'nhwc' } } })
    await refused({}, nhwc, /does not run on the provider cpu/)
  })

  test('the graph takes a fixed number of pictures other than one', async () => {
    await refused({}, await another('three', { fixedBatch: 3 }), /takes 3 pictures at a time/)
  })

  test('the graph is no graph', async () => {
    const { writeBundle } = await import('../../src/bundles/write-bundle.js')
    const files = { 'model.onnx': Buffer.from('not a graph') }
    await refused({}, await writeBundle(path.join(folder, 'no-graph'), bundle.manifest, files, ''), /./)
  })

  test('the provider is not there: it says what that needs', async () => {
    // No machine that builds this project has the CUDA libraries of onnxruntime-node (.npmrc skips them).
    await refused({ provider: 'cuda' }, bundle, /does not run on the provider cuda/, /Use --provider cpu/)
  })
})

test.each([{ provider: 'tpu' }, { threads: -1 }, { maxBatch: 0 }, { maxBatch: 1.5 }, { maxQueue: NaN }])(
  '%j is a wrong argument',
  async (options) => {
    await expect(open(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  },
)

test('a graph for one picture at a time embeds several, one by one', async () => {
  const embedder = await open({ maxBatch: 8 }, await another('one', { fixedBatch: 1 }))
  const inputs = [randomInput(), randomInput(), randomInput()]
  const embeddings = await embedder.embed(inputs)
  inputs.forEach((input, i) => {
    expectClose(embeddings[i], expectedEmbedding(input))
  })
})

describe('a thread that dies', () => {
  /** Nothing is expected to be null, so the thread throws; to end it from outside could abort this process. */
  const crash = async () => {
    const thread = threads.at(-1)
    if (thread === undefined) throw new Error('no thread was started')
    thread.postMessage(null)
    await new Promise((resolve) => thread.once('exit', resolve))
  }

  test('takes its run with it, and the next call gets a new thread', async () => {
    const embedder = await open()
    const lost = embedder.embed([randomInput()])
    lost.catch(() => undefined)
    await crash()
    await expect(lost).rejects.toMatchObject({
      code: 'EMBEDDER_FAILED',
      message: expect.stringMatching(/embedding thread failed/) as string,
    })
    const input = randomInput()
    expectClose((await embedder.embed([input]))[0], expectedEmbedding(input))
    expect(threads).toHaveLength(2)
  })

  test('between calls is not noticed by the next', async () => {
    const embedder = await open()
    for (let round = 0; round < 3; round++) {
      await crash()
      const input = randomInput()
      expectClose((await embedder.embed([input]))[0], expectedEmbedding(input))
    }
  })

  test('does not stop calls that wait, nor a close', async () => {
    const embedder = await open({ maxBatch: 1 })
    const inputs = [randomInput(), randomInput(), randomInput()]
    const calls = inputs.map((input) => embedder.embed([input]))
    const settled = Promise.allSettled(calls)
    await crash()
    const [lost, ...saved] = await settled
    expect(lost?.status).toBe('rejected')
    expect(saved.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    await crash()
    await embedder.close()
  })
})

describe('close', () => {
  test('finishes what was accepted, then refuses', async () => {
    const embedder = await open({ maxBatch: 2 })
    const calls = Array.from({ length: 9 }, () => embedder.embed([randomInput()]))
    await embedder.close()
    const embeddings = await Promise.all(calls)
    expect(embeddings.flat()).toHaveLength(9)
    await expect(embedder.embed([randomInput()])).rejects.toMatchObject({ code: 'EMBEDDER_CLOSED' })
    await embedder.close()
  })
})

test('several embedders work at the same time in one process', async () => {
  const embedders = await Promise.all([open(), open(), open({ threads: 2 })])
  const input = randomInput()
  const rounds = Array.from({ length: 20 }, () => embedders.map((embedder) => embedder.embed([input])))
  const embeddings = await Promise.all(rounds.flat())
  for (const [embedding] of embeddings) expectClose(embedding, expectedEmbedding(input))
})

test('memory stays flat over many runs', async () => {
  const large = await another('large', { size: 224 })
  const embedder = await open({ maxBatch: 8 }, large)
  const inputs = Array.from({ length: 8 }, () => new Float32Array(3 * 224 * 224).fill(random()))
  const round = () => Promise.all(inputs.map((input) => embedder.embed([input])))
  for (let i = 0; i < 20; i++) await round()
  const before = process.memoryUsage().rss
  // 100 rounds hand 480 MB to the thread; keeping a quarter of it would show.
  for (let i = 0; i < 100; i++) await round()
  expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024)
})
