import os from 'node:os'
import { reportFailure } from '../../src/cli/exit.js'
import { expected } from '../../src/errors.js'
import { flag, optionalWhole, scriptOptions, text, whole } from '../script-options.js'
import { nextOf, openLoadedBatches, timeLoadingAlone } from './train-step/loaded-batches.js'
import { describePoint, leakedTensors, slopeOf, watchMemory } from './train-step/memory.js'
import type { TrainStepSettings } from './train-step/settings.js'
import { totalOf, type NextBatch, type StepTimes, type Trainer } from './train-step/steps.js'
import { describeSteps, showSpread, spreadOf } from './train-step/summary.js'
import { createTensorflowTrainer } from './train-step/tensorflow-trainer.js'
import { startTorchTrainer, torchHint } from './train-step/torch-trainer.js'

const about =
  'Times one training step: forward, backward, clipping and AdamW, on batches that are ready, and on batches that ' +
  'are loaded while it computes, where `data` is what it waited for them.'

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
  const given = scriptOptions('bench:train', about, {
    batch: whole(32, 'pictures, a multiple of 4'),
    size: whole(160, 'pixels a side'),
    backbone: text('NAME', 'mobilenet-v2-1.0', 'that is trained'),
    head: whole(128, 'dimensions of the embedding'),
    seed: whole(1, 'of the weights'),
    rounds: whole(8, 'in which the sides take turns'),
    steps: optionalWhole('of each side in a round, 2 unless given; 2000 with --memory'),
    memory: flag('print what the steps hold instead; ends with 1 where tensors leak'),
    againstTorch: flag('time PyTorch, too, and print the ratio'),
    python: text('COMMAND', 'python3', torchHint),
  })
  const { rounds, steps = given.memory ? 2000 : 2 } = given
  const settings: TrainStepSettings = {
    architecture: { backbone: given.backbone, pooling: 'gap', head: given.head },
    batch: given.batch,
    size: given.size,
    seed: given.seed,
    threads: os.availableParallelism(),
  }
  if (settings.batch % 4 !== 0) throw expected('a multiple of 4', '--batch', given.batch)
  if (given.memory) {
    await reportMemory(settings, steps)
    return
  }
  const alone = await timeLoadingAlone(settings, rounds)
  const trainers = [createTensorflowTrainer('kindred', settings, readyBatches(settings))]
  if (given.againstTorch) trainers.push(await startTorchTrainer(settings, given.python))
  const times = await takeTurns(trainers, rounds, steps)
  trainers.forEach(({ name }, side) => {
    const own = times.flatMap((turn) => turn[side] ?? [])
    process.stdout.write(`${describeSteps(name, own, settings.batch)}\n`)
  })
  // Apart from the others' turns, in which its next batches would get ready unseen.
  const loaded = nextOf(await openLoadedBatches(settings))
  const loading = createTensorflowTrainer('kindred, loading while it computes', settings, loaded)
  await loading.run(warmUpSteps)
  const beside = await loading.run(rounds * steps)
  process.stdout.write(`${describeSteps(loading.name, beside, settings.batch)}\n`)
  process.stdout.write(`loading alone: ${showSpread(spreadOf(alone))} ms per image\n`)
  if (given.againstTorch) {
    const sum = (taken: readonly StepTimes[] = []): number =>
      taken.reduce((all, step) => all + totalOf(step), 0)
    const ratios = times.map(([ours, theirs]) => sum(ours) / sum(theirs))
    process.stdout.write(`kindred / PyTorch, round by round: ${showSpread(spreadOf(ratios))}\n`)
  }
  for (const trainer of [...trainers, loading]) await trainer.close()
}

if (process.argv[1] === import.meta.filename) {
  main().catch((thrown: unknown) => {
    process.exitCode = reportFailure(thrown, false)
  })
}
