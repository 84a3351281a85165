import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { KindredError } from '../../../src/errors.js'
import { architectureGraph } from '../../../src/networks/architecture-graph.js'
import { learning, type TrainStepSettings } from './settings.js'
import type { StepTimes, Trainer } from './steps.js'

const script = path.join(import.meta.dirname, 'torch_steps.py')

/** How to come by a Python that can run the other side. */
export const torchHint =
  'A Python with PyTorch: python3 -m venv torch-venv && torch-venv/bin/pip install torch numpy, then --python torch-venv/bin/python'

/**
 * The same steps in PyTorch, in a process of its own that waits while it is not asked.
 *
 * @throws KindredError INVALID_ARGUMENT when that Python has no PyTorch; INTERNAL, later, when it fails
 */
export async function startTorchTrainer(settings: TrainStepSettings, python: string): Promise<Trainer> {
  const { backbone } = architectureGraph(settings.architecture)
  const { size, batch, seed, threads, architecture } = settings
  const process = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]()
  const failure = once(process, 'error').then(([cause]) => {
    throw new KindredError('INVALID_ARGUMENT', `${python} cannot be run`, { cause, hint: torchHint })
  })
  let begun = false
  // Python has said why on standard error.
  const ended = (): KindredError =>
    begun
      ? new KindredError('INTERNAL', 'The PyTorch side failed; what it said stands above')
      : new KindredError('INVALID_ARGUMENT', `${python} gave up; does it have PyTorch?`, { hint: torchHint })
  const ask = async (request: unknown): Promise<unknown> => {
    process.stdin.write(`${JSON.stringify(request)}\n`)
    const answer = await Promise.race([lines.next(), failure])
    if (answer.done === true) throw ended()
    return JSON.parse(answer.value)
  }
  const { head } = architecture
  const setup = {
    layers: backbone.layers,
    channels: backbone.channels,
    head,
    size,
    batch,
    seed,
    threads,
    ...learning,
  }
  const { torch } = (await ask(setup)) as { torch: string }
  begun = true
  return {
    name: `PyTorch ${torch}`,
    async run(steps): Promise<StepTimes[]> {
      const times = (await ask({ steps })) as [number, number, number][]
      return times.map(([forward, backward, optimiser]) => ({ data: 0, forward, backward, optimiser }))
    },
    async close(): Promise<void> {
      process.stdin.end()
      await once(process, 'exit')
    },
  }
}
