import { fork } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import { reportFailure } from '../../src/cli/exit.js'
import { expected } from '../../src/errors.js'
import { createNetwork } from '../../src/networks/create-network.js'
import { readValues } from '../../src/tensors/read-values.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { lossCases, openLoss, type LossSize } from './losses/cases.js'
import { optionalText, scriptOptions, whole } from '../script-options.js'
import type { TrainStepSettings } from './train-step/settings.js'
import { totalOf } from './train-step/steps.js'
import { showSpread, spreadOf } from './train-step/summary.js'
import { createTensorflowTrainer } from './train-step/tensorflow-trainer.js'

const about =
  'Times every loss and regulariser forward and backward at batch 112 (28 classes of 4), 128 dimensions, 100 classes, ' +
  'as a share of a training step of MobileNetV2 on the same batch at 160 px, and measures the peak resident memory of each ' +
  'at batch 512, 512 dimensions, 1000 classes in a process of its own.'

const timed: LossSize = { batch: 112, dimensions: 128, classes: 100 }
const large: LossSize = { batch: 512, dimensions: 512, classes: 1000 }
const warmUps = 3

/** Milliseconds of one step of the network on ready pictures, and of a forward pass alone, as LSD's teacher makes. */
async function timeNetwork(steps: number): Promise<{ step: number[]; teacher: number[] }> {
  const settings: TrainStepSettings = {
    architecture: { backbone: 'mobilenet-v2-1.0', pooling: 'gap', head: timed.dimensions },
    batch: timed.batch,
    size: 160,
    seed: 1,
    threads: os.availableParallelism(),
  }
  const { batch, size, architecture } = settings
  const pictures = Float32Array.from({ length: batch * size * size * 3 }, (_, at) => Math.sin(at * at))
  const trainer = createTensorflowTrainer('kindred', settings, () => Promise.resolve(pictures))
  await trainer.run(1)
  const step = (await trainer.run(steps)).map(totalOf)
  await trainer.close()
  const network = createNetwork(architecture, { seed: 1 })
  const teacher = Array.from({ length: steps }, () =>
    time(() => {
      readValues(() => network.forward(tf.tensor4d(pictures, [batch, size, size, 3])))
    }),
  )
  network.dispose()
  return { step, teacher }
}

function time(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

function timeLosses(names: readonly string[], rounds: number): Map<string, number[]> {
  const losses = names.map((name) => ({ name, times: [] as number[], ...openLoss(name, timed) }))
  for (let round = -warmUps; round < rounds; round++) {
    for (const { run, times } of losses) {
      const taken = time(run)
      if (round >= 0) times.push(taken)
    }
  }
  for (const { close } of losses) close()
  return new Map(losses.map(({ name, times }) => [name, times]))
}

/** Peak resident bytes of a process that runs one loss twice at the large size. */
async function measureMemory(name: string): Promise<number> {
  const child = fork(import.meta.filename, ['--memory', name], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let bytes = NaN
  child.on('message', (peak) => {
    bytes = Number(peak)
  })
  await once(child, 'exit')
  return bytes
}

function runAtLargeSize(name: string): void {
  const { run, close } = openLoss(name, large)
  run()
  run()
  close()
  // In kilobytes, whatever the system.
  process.send?.(process.resourceUsage().maxRSS * 1024)
}

async function main(): Promise<void> {
  const given = scriptOptions('bench:losses', about, {
    rounds: whole(15, 'times each loss runs; the losses take turns'),
    steps: whole(3, 'of the network'),
    only: optionalText('NAME', 'one loss, such as "triplet semi-hard" or +lsd'),
    memory: optionalText(
      'NAME',
      'runs a loss at the large size and nothing else: what is measured for memory',
    ),
  })
  if (given.memory !== undefined) {
    runAtLargeSize(given.memory)
    return
  }
  const names = [...lossCases.keys()].filter((name) => given.only === undefined || name === given.only)
  if (names.length === 0) throw expected(`one of ${[...lossCases.keys()].join(', ')}`, '--only', given.only)
  // First: Linux counts what the parent held at the fork into the peak of its child.
  const memory = new Map<string, number>()
  for (const name of names) memory.set(name, await measureMemory(name))
  const { step, teacher } = await timeNetwork(given.steps)
  const median = spreadOf(step).median
  const percent = (milliseconds: number): string => `${((100 * milliseconds) / median).toFixed(1)} %`
  process.stdout.write(`MobileNetV2 step, batch ${timed.batch}, 160 px: ${showSpread(spreadOf(step))} ms\n`)
  process.stdout.write(
    `teacher of lsd, forward alone: ${showSpread(spreadOf(teacher))} ms, ${percent(spreadOf(teacher).median)}\n\n`,
  )
  process.stdout.write(
    'ms forward and backward, median (quartiles) | share of the step | peak memory at 512 x 512\n',
  )
  for (const [name, times] of timeLosses(names, given.rounds)) {
    const spread = spreadOf(times)
    const megabytes = (memory.get(name) ?? NaN) / 1e6
    process.stdout.write(
      `${name.padEnd(28)}${showSpread(spread).padEnd(26)} | ${percent(spread.median).padStart(6)} | ${megabytes.toFixed(0)} MB\n`,
    )
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((thrown: unknown) => {
    process.exitCode = reportFailure(thrown, false)
  })
}
