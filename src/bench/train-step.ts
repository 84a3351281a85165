import os from 'node:os'
import { parseArgs } from 'node:util'
import { expected, toKindredError } from '../errors.js'
import { nextOf, openLoadedBatches, timeLoadingAlone } from './train-step/loaded-batches.js'
import { describePoint, leakedTensors, slopeOf, watchMemory } from './train-step/memory.js'
import type { TrainStepSettings } from './train-step/settings.js'
import { totalOf, type NextBatch, type StepTimes, type Trainer } from './train-step/steps.js'
import { describeSteps, showSpread, spreadOf } from './train-step/summary.js'
import { createTensorflowTrainer } from './train-step/tensorflow-trainer.js'
import { startTorchTrainer, torchHint } from './train-step/torch-trainer.js'

const help = `Times one training step: forward, backward, clipping and AdamW, on batches that are ready, and on batches that
are loaded while it computes, where \`data\` is what it waited for them.

  --batch 32   --size 160   --backbone mobilenet-v2-1.0   --head 128   --seed 1
  --rounds 8   --steps 2    steps of each side in a round; the sides take turns
  --memory                  take 2000 steps, or --steps, and print what they hold instead; ends with 1 where tensors leak
  --against-torch           time PyTorch too and print the ratio
  --python python3          ${torchHint}
`

const options = {
  batch: { type: 'string', default: '32' },
  size: { type: 'string', default: '160' },
  backbone: { type: 'string', default: 'mobilenet-v2-1.0' },
  head: { type: 'string', default: '128' },
  seed: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '8' },
  steps: { type: 'string' },
  memory: { type: 'boolean', default: false },
  'against-torch': { type: 'boolean', default: false },
  python: { type: 'string', default: 'python3' },
  help: { type: 'boolean', default: false },
} as const

const warmUpSteps = 3

/** Runs the sides in turn, so that a busy hour of the machine slows both. */
async function takeTurns(
  trainers: readonly Trainer[],
  rounds: number,
  steps: number,
): Promise<StepTimes[][][]> {
  for (const trainer of trainers) await trainer.run(warmUpSteps)
  const times: StepTimes[][][] = []
  for (let round = 0; round < rounds; round++) {
    const turn: StepTimes[][] = []
    for (const trainer of trainers) turn.push(await trainer.run(steps))
    times.push(turn)
  }
  return times
}

/** The same random pictures for every step, drawn before the clock starts. */
function readyBatches({ batch, size }: TrainStepSettings): NextBatch {
  const values = Float32Array.from({ length: batch * size * size * 3 }, (_, at) => Math.sin(at * at))
  return () => Promise.resolve(values)
}

/** Steps on loaded batches, as a run takes them, and what they hold: at twenty intervals, and as a slope. */
async function reportMemory(settings: TrainStepSettings, steps: number): Promise<void> {
  const trainer = createTensorflowTrainer('kindred', settings, nextOf(await openLoadedBatches(settings)))
  const points = await watchMemory(trainer, {
    steps,
    every: Math.ceil(steps / 20),
    onPoint: (point) => process.stdout.write(`${describePoint(point)}\n`),
  })
  await trainer.close()
  // Pools and heaps are still filling in the first half.
  const slope = slopeOf(points.slice(Math.floor(points.length / 2)))
  process.stdout.write(
    `resident memory over the second half: ${(slope / 1000).toFixed(2)} MB a thousand steps\n`,
  )
  const leaked = leakedTensors(points)
  if (leaked <= 0) return
  process.stderr.write(`${leaked} tensors were left behind in ${steps} steps\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const given = { ...values, steps: values.steps ?? (values.memory ? '2000' : '2') }
  const whole = (name: 'batch' | 'size' | 'head' | 'seed' | 'rounds' | 'steps'): number => {
    const value = Number(given[name])
    if (!Number.isInteger(value) || value < 1) throw expected('a positive integer', `--${name}`, given[name])
    return value
  }
  const settings: TrainStepSettings = {
    architecture: { backbone: values.backbone, pooling: 'gap', head: whole('head') },
    batch: whole('batch'),
    size: whole('size'),
    seed: whole('seed'),
    threads: os.availableParallelism(),
  }
  if (settings.batch % 4 !== 0) throw expected('a multiple of 4', '--batch', values.batch)
  if (values.memory) {
    await reportMemory(settings, whole('steps'))
    return
  }
  const alone = await timeLoadingAlone(settings, whole('rounds'))
  const trainers = [createTensorflowTrainer('kindred', settings, readyBatches(settings))]
  if (values['against-torch']) trainers.push(await startTorchTrainer(settings, values.python))
  const times = await takeTurns(trainers, whole('rounds'), whole('steps'))
  trainers.forEach(({ name }, side) => {
    const own = times.flatMap((turn) => turn[side] ?? [])
    process.stdout.write(`${describeSteps(name, own, settings.batch)}\n`)
  })
  // Apart from the others' turns, in which its next batches would get ready unseen.
  const loaded = nextOf(await openLoadedBatches(settings))
  const loading = createTensorflowTrainer('kindred, loading while it computes', settings, loaded)
  await loading.run(warmUpSteps)
  const steps = await loading.run(whole('rounds') * whole('steps'))
  process.stdout.write(`${describeSteps(loading.name, steps, settings.batch)}\n`)
  process.stdout.write(`loading alone: ${showSpread(spreadOf(alone))} ms per image\n`)
  if (values['against-torch']) {
    const sum = (steps: readonly StepTimes[] = []): number =>
      steps.reduce((all, step) => all + totalOf(step), 0)
    const ratios = times.map(([ours, theirs]) => sum(ours) / sum(theirs))
    process.stdout.write(`kindred / PyTorch, round by round: ${showSpread(spreadOf(ratios))}\n`)
  }
  for (const trainer of [...trainers, loading]) await trainer.close()
}

if (process.argv[1] === import.meta.filename) {
  main().catch((thrown: unknown) => {
    const { message, hint } = toKindredError(thrown)
    process.stderr.write(`${message}\n${hint === undefined ? '' : `${hint}\n`}`)
    process.exitCode = 1
  })
}
