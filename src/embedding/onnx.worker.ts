import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { enterNative, leaveNative } from '../native-guard.js'
import type { FromOnnxWorker, OnnxSettings, OnnxWorkerData, ToOnnxWorker } from './onnx-protocol.js'

/**
 * The thread that owns an ONNX Runtime session. `session.run` of onnxruntime-node computes on the thread that calls
 * it, from a setImmediate, and would hold up every other request there.
 */
async function serve(port: MessagePort, { settings, guard }: OnnxWorkerData): Promise<void> {
  const send = (message: FromOnnxWorker, transfer: ArrayBuffer[] = []) => {
    port.postMessage(message, transfer)
  }
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    if (!enterNative(guard)) throw new Error('the process is ending')
    try {
      return await call()
    } finally {
      leaveNative(guard)
    }
  }
  try {
    const { session, fixedBatch } = await start(settings).finally(() => {
      leaveNative(guard)
    })
    port.on('message', (message: ToOnnxWorker) => {
      switch (message.kind) {
        case 'run':
          guarded(() => run(session, settings, message.values, message.count)).then(
            (values) => {
              send({ kind: 'embedded', values }, [values.buffer])
            },
            (error: unknown) => {
              send({ kind: 'failed', message: messageOf(error) })
            },
          )
          break
        case 'close':
          void guarded(() => session.release()).finally(() => {
            port.close()
          })
          break
      }
    })
    send({ kind: 'ready', fixedBatch })
  } catch (error) {
    send({ kind: 'failed', message: messageOf(error) })
    port.close()
  }
}

async function start(
  settings: OnnxSettings,
): Promise<{ session: InferenceSession; fixedBatch: number | null }> {
  const session = await open(settings)
  const fixedBatch = fixedBatchOf(session, settings)
  await probe(session, settings, fixedBatch ?? 1)
  return { session, fixedBatch }
}

const open = (settings: OnnxSettings): Promise<InferenceSession> =>
  InferenceSession.create(settings.file, {
    executionProviders: [settings.provider],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Between operators a pool thread spins, by default for long. On a busy machine it spins where the thread that it
    // waits for should run, which made a run three times slower; not spinning at all makes two threads as slow as one.
    extra: { session: { intra_op: { spin_duration_us: '100' } } },
    // Errors only: a provider warns about every operator that it leaves to the CPU.
    logSeverityLevel: 3,
  })

/** An exported graph may have its batch size baked in. */
function fixedBatchOf(session: InferenceSession, settings: OnnxSettings): number | null {
  const input = session.inputMetadata.find(({ name }) => name === settings.inputName)
  if (input?.isTensor !== true) {
    throw new Error(`the graph has no input ${settings.inputName}, only ${session.inputNames.join(', ')}`)
  }
  if (!session.outputNames.includes(settings.outputName)) {
    throw new Error(`the graph has no output ${settings.outputName}, only ${session.outputNames.join(', ')}`)
  }
  const [batch] = input.shape
  return typeof batch === 'number' ? batch : null
}

/** Warms the session up and shows at once whether shapes agree with the manifest. */
async function probe(session: InferenceSession, settings: OnnxSettings, count: number): Promise<void> {
  const [a, b, c] = settings.inputShape
  const values = Float32Array.from({ length: count * a * b * c }, (_, i) => ((i * 7919) % 251) / 125 - 1)
  await run(session, settings, values, count)
}

async function run(
  session: InferenceSession,
  settings: OnnxSettings,
  values: Float32Array,
  count: number,
): Promise<Float32Array<ArrayBuffer>> {
  const input = new Tensor('float32', values, [count, ...settings.inputShape])
  const outputs = await session.run({ [settings.inputName]: input }, [settings.outputName])
  const output = outputs[settings.outputName]
  if (output === undefined || !(output.data instanceof Float32Array)) {
    throw new Error(`output ${settings.outputName} is ${output?.type ?? 'absent'} instead of float32`)
  }
  const shape = output.dims.join(' x ')
  const wanted = [count, settings.dimensions].join(' x ')
  if (shape !== wanted) {
    throw new Error(`output ${settings.outputName} is ${shape} instead of ${wanted}`)
  }
  // A copy, because the runtime owns the memory of its outputs.
  const copy = new Float32Array(output.data)
  output.dispose()
  return copy
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

if (parentPort !== null) void serve(parentPort, workerData as OnnxWorkerData)
