import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createSampler } from '../datasets/create-sampler.js'
import { classesOf } from '../datasets/labelled-set.js'
import { createRandom } from '../datasets/random.js'
import type { Bundle } from '../bundles/bundle.js'
import type { Logger } from '../log.js'
import { createObjective, resolveObjective } from '../losses/objective.js'
import { createNetwork } from '../networks/create-network.js'
import { tf } from '../tensors/tensorflow.js'
import { createBatchSource } from './batch-source.js'
import { refreshNeighbours } from './class-neighbours.js'
import { findCheckpoint, readCheckpoint, writeCheckpoint, type RunState } from './checkpoint.js'
import { forTraining, forValidation, loadPictures, type Decode, type Pictures } from './pictures.js'
import { createOptimiser } from './optimiser.js'
import type { TrainProgress } from './progress.js'
import { publishRun } from './publish-run.js'
import { bundleNameOf, checkSameRun } from './run-settings.js'
import { rateAt } from './schedule.js'
import { seedOf } from './seeds.js'
import type { TrainSettings } from './settings.js'
import { findStartingPoint } from './starting-point.js'
import { createTeacher } from './teacher.js'
import { readTrainingData } from './training-data.js'
import { openTrainingLog } from './training-log.js'
import { trainingStep } from './training-step.js'
import { validate } from './validate.js'
import { versions } from './versions.js'

export interface TrainOptions {
  readonly logger: Logger
  readonly onProgress?: (progress: TrainProgress) => void
  /** Stops after the current step; the run can then be resumed. */
  readonly signal?: AbortSignal
  /** Go on from the last checkpoint of the same run, where there is one. */
  readonly resume?: boolean
  /** The command as it was typed, for the card. */
  readonly command?: string
}

export interface TrainResult {
  /** null when the run was stopped: nothing is published then. */
  readonly bundle: Bundle | null
  /** Best epoch so far, from 1, whose weights are published; its figures are null without validation classes. */
  readonly best: RunState['best']
  /** Folder of checkpoints and log. */
  readonly work: string
  readonly stepsDone: number
  readonly unreadable: Pictures['unreadable']
  /** Training labels that label noise made wrong. */
  readonly flippedLabels: number
}

/**
 * Trains a network on labelled pictures and publishes it as a bundle: sampler -> images -> network -> loss ->
 * optimiser, epoch by epoch, the best epoch chosen on classes that training never sees.
 *
 * @throws KindredError INVALID_SETTING, DATASET_INVALID, MODEL_NOT_FOUND, WEIGHTS_INVALID before any step;
 * TRAINING_DIVERGED; EXPORT_MISMATCH; the signal's reason when aborted before the first step
 */
export async function train(settings: TrainSettings, options: TrainOptions): Promise<TrainResult> {
  const { logger, onProgress = () => undefined, signal, resume = false, command } = options
  const { seed, batch: batchSettings } = settings

  // What is asked for, checked before anything slow.
  const name = bundleNameOf(settings)
  const work = settings.work ?? path.join('runs', name)
  const lastFile = path.join(work, 'last.safetensors')
  const bestFile = path.join(work, 'best.safetensors')
  const asked = resolveObjective(settings)
  const start = await findStartingPoint(settings)
  const transform = { ...start.transform, layout: 'nhwc' } as const
  const data = await readTrainingData(settings)
  const checkpoint = resume ? await findCheckpoint(lastFile) : null
  if (checkpoint !== null) checkSameRun(checkpoint.settings, settings)

  // The pictures, decoded once. Validation takes the road of serving, and its share of the memory first.
  const { unreadableShare, cache } = settings
  const load = (images: typeof data.train.images, decode: Decode, maxBytes: number) =>
    loadPictures(images, decode, {
      maxBytes,
      unreadableShare,
      signal,
      onProgress: (done, total) => {
        onProgress({ phase: 'loading', done, total })
      },
    })
  const shorterSide = cache.shorterSide ?? Math.round((Math.min(transform.width, transform.height) * 8) / 7)
  const validation = await load(data.validation.images, forValidation(transform), cache.maxBytes)
  const pictures = await load(
    data.train.images,
    forTraining({ shorterSide, kernel: transform.kernel }),
    cache.maxBytes - validation.bytes,
  )
  const unreadable = [...validation.unreadable, ...pictures.unreadable]
  for (const { path: file, reason } of unreadable) logger.warn({ file, reason }, 'picture left out')

  // The batches.
  const labels = pictures.images.map((image) => image.label)
  const classes = classesOf({ name, images: pictures.images })
  const classIndex = new Map(classes.map((label, index) => [label, index]))
  const sampler = createSampler(
    settings.sampler,
    labels,
    {
      classesPerBatch: batchSettings.classes,
      imagesPerClass: batchSettings.images,
      seed: seedOf(seed, 'batches'),
    },
    checkpoint?.state.sampler,
  )
  const stepsPerEpoch = settings.stepsPerEpoch ?? sampler.batchesPerEpoch
  const steps = settings.epochs * stepsPerEpoch
  let state: RunState = checkpoint?.state ?? { step: 0, sampler: sampler.state(), epochLoss: 0, best: null }
  const source = createBatchSource({
    pictures,
    labels: labels.map((label) => classIndex.get(label) ?? -1),
    sampler,
    augmentation: settings.augmentation,
    transform,
    seed,
    ahead: settings.batchesAhead,
    firstStep: state.step,
  })

  // What learns.
  const weights = checkpoint?.network ?? start.weights
  const network = createNetwork(start.architecture, {
    seed: seedOf(seed, 'network'),
    ...(weights && { weights }),
  })
  const objective = createObjective(asked, {
    classes: classes.length,
    dimensions: network.dimensions,
    random: (purpose) => createRandom(seedOf(seed, purpose)),
  })
  // Before the first epoch ends its weight is 0, so that it need not exist.
  const teacher = objective.needsTeacher(1)
    ? createTeacher(network, checkpoint?.teacher.size ? checkpoint.teacher : network.weights())
    : null
  const optimiser = createOptimiser(network, objective, settings)
  if (checkpoint !== null) optimiser.restore(checkpoint)

  // What an earlier run left here would pass for this run's.
  if (checkpoint === null) for (const file of [lastFile, bestFile]) await rm(file, { force: true })
  const log = openTrainingLog(path.join(work, 'log.jsonl'), { append: checkpoint !== null })
  const save = (): Promise<void> =>
    writeCheckpoint(lastFile, {
      network: network.weights(),
      ...optimiser.tensors(),
      teacher: teacher?.weights() ?? new Map(),
      state,
      settings,
    })

  const endEpoch = async (epoch: number): Promise<void> => {
    const began = performance.now()
    const figures = await validate(network, validation, transform, (done, total) => {
      onProgress({ phase: 'validating', done, total })
    })
    const { metric } = settings.validation
    const toBeat = state.best?.figures?.[metric] ?? -Infinity
    const best = figures === null || figures[metric] > toBeat
    const meanLoss = state.epochLoss / stepsPerEpoch
    const validationMs = performance.now() - began
    log.write('epoch', { epoch, step: state.step, meanLoss, validation: figures, best, validationMs })
    logger.info({ epoch, meanLoss, ...figures, best }, 'epoch done')
    if (state.step < steps) {
      await refreshNeighbours(sampler, network, pictures, { transform, batchesUsed: state.step })
    }
    state = {
      ...state,
      sampler: sampler.state(state.step),
      epochLoss: 0,
      best: best ? { epoch, figures } : state.best,
    }
    if (best) {
      const nothing = { loss: new Map(), teacher: new Map(), optimiser: new Map() }
      await writeCheckpoint(bestFile, { network: network.weights(), ...nothing, state, settings })
    }
    teacher?.follow(network)
    await save()
  }

  try {
    log.write(checkpoint === null ? 'run' : 'resume', {
      name,
      settings,
      objective: asked,
      init: start.name,
      architecture: start.architecture,
      transform,
      images: labels.length,
      classes: classes.length,
      validationImages: validation.images.length,
      unreadable: unreadable.length,
      flippedLabels: data.flipped,
      cacheBytes: pictures.bytes + validation.bytes,
      step: state.step,
      steps,
      stepsPerEpoch,
      versions: versions(),
    })

    const began = performance.now()
    const firstStep = state.step
    while (state.step < steps) {
      const { step } = state
      const epoch = Math.floor(step / stepsPerEpoch) + 1

      const waitBegan = performance.now()
      const batch = await source.next()
      // The step holds this thread until it is done: let the batches after it reach libuv's pool first.
      await nextTurn()
      const waitMs = performance.now() - waitBegan

      const rate = settings.learningRate * rateAt(step, { ...settings, totalSteps: steps })
      const frozen = epoch <= settings.freezeBackboneEpochs
      const done = trainingStep({ network, objective, teacher, optimiser, transform }, batch, {
        rate,
        frozen,
        step,
        progress: (epoch - 1) / settings.epochs,
        seed,
      })
      state = {
        ...state,
        step: step + 1,
        sampler: sampler.state(batch.sampler.batchesDrawn),
        epochLoss: state.epochLoss + done.loss,
      }

      const stepMs = done.teacherMs + done.forwardMs + done.backwardMs + done.optimiserMs
      const speed = {
        imagesPerSecond: (1000 * batch.labels.length) / (waitMs + stepMs),
        waitShare: waitMs / (waitMs + stepMs),
      }
      if (step % settings.logEverySteps === 0) {
        const memory = { tensors: tf.memory().numTensors, residentBytes: process.memoryUsage.rss() }
        log.write('step', { epoch, step: step + 1, rate, ...done, waitMs, ...speed, ...memory })
      }
      const secondsPerStep = (performance.now() - began) / 1000 / (state.step - firstStep)
      onProgress({
        phase: 'training',
        epoch,
        epochs: settings.epochs,
        step: state.step,
        steps,
        loss: done.loss,
        parts: done.parts,
        ...speed,
        etaSeconds: secondsPerStep * (steps - state.step),
      })

      if (state.step % stepsPerEpoch === 0) await endEpoch(epoch)
      if (signal?.aborted === true) {
        await save()
        log.write('stopped', { step: state.step })
        logger.warn(
          { step: state.step, steps, checkpoint: lastFile },
          'stopped; the same command with --resume goes on',
        )
        const { best } = state
        return { bundle: null, best, work, stepsDone: state.step, unreadable, flippedLabels: data.flipped }
      }
    }

    const { bundle, difference } = await publishRun({
      settings,
      name,
      start,
      objective: asked,
      work,
      command,
      best: await readCheckpoint(bestFile),
      images: pictures.images,
      unreadable: unreadable.length,
      lineage: data.lineage,
      heldOut: data.heldOut,
      validationClasses: classesOf(data.validation),
    })
    log.write('published', { model: bundle.model, folder: bundle.folder, exportDifference: difference })
    logger.info({ model: bundle.model, folder: bundle.folder, ...state.best }, 'published')
    const { best } = state
    return { bundle, best, work, stepsDone: state.step, unreadable, flippedLabels: data.flipped }
  } finally {
    log.close()
    optimiser.dispose()
    teacher?.dispose()
    objective.dispose()
    network.dispose()
  }
}
