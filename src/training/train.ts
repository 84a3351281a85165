import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { classesOf } from '../datasets/labelled-set.js'
import { createRandom } from '../datasets/random.js'
import type { Bundle } from '../bundles/bundle.js'
import { defaultImageLimits, type ImageLimits } from '../images/limits.js'
import type { Logger } from '../log.js'
import { createObjective, resolveObjective } from '../losses/objective.js'
import { sizeOf } from '../networks/tensor-map.js'
import { checkDeterministic } from '../tensors/determinism.js'
import { tf } from '../tensors/tensorflow.js'
import { createBatchSource } from './batch-source.js'
import { openCache } from './cache/open-cache.js'
import type { PictureCache } from './cache/picture-cache.js'
import { refreshNeighbours } from './class-neighbours.js'
import { findCheckpoint, writeCheckpoint, type RunState } from './checkpoint.js'
import type { Examples } from './examples.js'
import type { FeatureStore } from './features.js'
import { checkLearning } from './learning-layers.js'
import { prepareMaterial } from './material.js'
import { createOptimiser } from './optimiser.js'
import type { TrainProgress } from './progress.js'
import { publishBest } from './publish-best.js'
import { endOf, epochIsDue } from './run-progress.js'
import { createRunSampler } from './run-sampler.js'
import { bundleNameOf, checkSameRun, workOf } from './run-settings.js'
import { rateAt } from './schedule.js'
import { seedOf } from './seeds.js'
import type { TrainSettings } from './settings.js'
import { findStartingPoint } from './starting-point.js'
import { createTeacher } from './teacher.js'
import { openTensorboard } from './tensorboard/open-tensorboard.js'
import { readTrainingData } from './training-data.js'
import { openTrainingLog } from './training-log.js'
import { trainingStep } from './training-step.js'
import { validate } from './validate.js'
import { versions } from './versions.js'
import { warnOfBundle, warnOfUnfinishedRun } from './what-is-replaced.js'

export interface TrainOptions {
  readonly logger: Logger
  readonly onProgress?: (progress: TrainProgress) => void
  /** Stops after the current step or batch of validation; the run can then be resumed. */
  readonly signal?: AbortSignal
  /** Go on from the last checkpoint of the same run, where there is one. */
  readonly resume?: boolean
  /** The command as it was typed, for the card. */
  readonly command?: string
  /** What a picture may cost; one that costs more counts as unreadable. The defaults where absent. */
  readonly limits?: ImageLimits
  /** Features that earlier runs of this process left, for runs of the head alone. */
  readonly features?: FeatureStore
  /** Whether the best epoch becomes a bundle, which is so unless only checkpoints and figures are wanted. */
  readonly publish?: boolean
}

export interface TrainResult {
  /** null when the run was stopped, or was not to publish. */
  readonly bundle: Bundle | null
  /** Best epoch so far, from 1, whose weights are published; its figures are null without validation classes. */
  readonly best: RunState['best']
  /** Folder of checkpoints and log. */
  readonly work: string
  readonly stepsDone: number
  readonly epochsEnded: number
  readonly unreadable: Examples['unreadable']
  /** Training labels that label noise made wrong. */
  readonly flippedLabels: number
}

/**
 * Trains a network, or its head, on labelled pictures and publishes it as a bundle: sampler -> images -> network ->
 * loss -> optimiser, epoch by epoch, the best epoch chosen on classes that training never sees.
 *
 * @throws KindredError INVALID_SETTING, DATASET_INVALID, MODEL_NOT_FOUND, WEIGHTS_INVALID before any step;
 * CACHE_FAILED; TRAINING_DIVERGED; EXPORT_MISMATCH; the signal's reason when aborted before the first step
 */
export async function train(settings: TrainSettings, options: TrainOptions): Promise<TrainResult> {
  const pictures = await openCache(settings)
  try {
    return await learn(settings, pictures, options)
  } finally {
    await pictures.close()
  }
}

async function learn(
  settings: TrainSettings,
  pictures: PictureCache,
  options: TrainOptions,
): Promise<TrainResult> {
  const { logger, onProgress = () => undefined, signal, resume = false, command, publish = true } = options
  const { limits = defaultImageLimits } = options
  const { seed } = settings

  // What is asked for, checked before anything slow.
  const name = bundleNameOf(settings)
  const work = workOf(settings)
  const lastFile = path.join(work, 'last.safetensors')
  const bestFile = path.join(work, 'best.safetensors')
  if (settings.deterministic) checkDeterministic(process.env)
  const asked = resolveObjective(settings)
  const start = await findStartingPoint(settings, {
    signal,
    onProgress: (done, total) => {
      onProgress({ phase: 'fetching', done, total })
    },
  })
  checkLearning(settings.train, start.architecture)
  const data = await readTrainingData(settings)
  // Throws where no batch can be drawn, before any picture is read.
  createRunSampler(
    settings,
    data.train.images.map(({ label }) => label),
  )
  if (publish) await warnOfBundle(settings, logger)
  if (!resume) await warnOfUnfinishedRun(settings, { checkpoint: lastFile, publish, logger })
  const checkpoint = resume ? await findCheckpoint(lastFile) : null
  if (checkpoint !== null) checkSameRun(checkpoint.settings, settings)

  // The examples, and what learns from them.
  const material = await prepareMaterial(settings, start, data, {
    weights: checkpoint?.network,
    store: options.features ?? new Map<string, Float32Array>(),
    pictures,
    limits,
    signal,
    onProgress: (phase, done, total) => {
      onProgress({ phase, done, total })
    },
  })
  const { student, training, validation } = material
  const unreadable = [...validation.unreadable, ...training.unreadable]
  for (const { path: file, reason } of unreadable) logger.warn({ file, reason }, 'picture left out')

  // The batches.
  const labels = training.images.map((image) => image.label)
  const classes = classesOf({ name, images: training.images })
  const classIndex = new Map(classes.map((label, index) => [label, index]))
  const sampler = createRunSampler(settings, labels, checkpoint?.state.sampler)
  const stepsPerEpoch = settings.stepsPerEpoch ?? sampler.batchesPerEpoch
  const steps = settings.epochs * stepsPerEpoch
  const fresh: RunState = { step: 0, epochsEnded: 0, sampler: sampler.state(), epochLoss: 0, best: null }
  let state = checkpoint?.state ?? fresh
  const source = createBatchSource({
    examples: training,
    valuesPerExample: sizeOf(student.exampleShape),
    labels: labels.map((label) => classIndex.get(label) ?? -1),
    sampler,
    ahead: settings.batchesAhead,
    firstStep: state.step,
  })

  // What is asked of the student.
  const objective = createObjective(asked, {
    classes: classes.length,
    dimensions: student.dimensions,
    random: (purpose) => createRandom(seedOf(seed, purpose)),
  })
  // Before the first epoch ends its weight is 0, so that it need not exist.
  const teacher = objective.needsTeacher(1)
    ? createTeacher(student, checkpoint?.teacher.size ? checkpoint.teacher : student.weights())
    : null
  const optimiser = createOptimiser(student, objective, settings)
  if (checkpoint !== null) optimiser.restore(checkpoint)

  // What an earlier run left here would pass for this run's.
  if (checkpoint === null) for (const file of [lastFile, bestFile]) await rm(file, { force: true })
  const log = openTrainingLog(path.join(work, 'log.jsonl'), checkpoint?.state ?? null)
  const board = openTensorboard(path.join(work, 'tensorboard'), checkpoint?.state ?? null)
  const save = (): Promise<void> =>
    writeCheckpoint(lastFile, {
      network: student.weights(),
      ...optimiser.tensors(),
      teacher: teacher?.weights() ?? new Map(),
      state,
      settings,
    })

  const saveBest = (): Promise<void> => {
    const nothing = { loss: new Map(), teacher: new Map(), optimiser: new Map() }
    return writeCheckpoint(bestFile, { network: student.weights(), ...nothing, state, settings })
  }

  const endEpoch = async (): Promise<void> => {
    const epoch = state.epochsEnded + 1
    const began = performance.now()
    const figures = await validate(student, validation, {
      signal,
      onProgress: (done, total) => {
        onProgress({ phase: 'validating', done, total })
      },
    })
    const validationMs = performance.now() - began
    if (epoch < settings.epochs) {
      await refreshNeighbours(sampler, student, training, { batchesUsed: state.step, signal })
    }
    const { metric } = settings.validation
    const toBeat = state.best?.figures?.[metric] ?? -Infinity
    const best = figures === null || figures[metric] > toBeat
    const meanLoss = state.epochLoss / stepsPerEpoch
    const line = { epoch, step: state.step, meanLoss, validation: figures, best, validationMs }
    log.write('epoch', line)
    board.epoch(line)
    logger.info({ epoch, meanLoss, ...figures, best }, 'epoch done')
    state = {
      ...state,
      epochsEnded: epoch,
      sampler: sampler.state(state.step),
      epochLoss: 0,
      best: best ? { epoch, figures } : state.best,
    }
    teacher?.follow(student)
    await save()
    if (best) await saveBest()
  }

  const result = (bundle: Bundle | null): TrainResult => ({
    bundle,
    best: state.best,
    work,
    stepsDone: state.step,
    epochsEnded: state.epochsEnded,
    unreadable,
    flippedLabels: data.flipped,
  })

  /** Keeps everything for `--resume`. */
  const stop = async (): Promise<TrainResult> => {
    await save()
    log.write('stopped', { step: state.step })
    logger.warn(
      { step: state.step, steps, checkpoint: lastFile },
      'stopped; the same command with --resume goes on',
    )
    return result(null)
  }

  try {
    log.write(checkpoint === null ? 'run' : 'resume', {
      name,
      settings,
      objective: asked,
      init: start.name,
      architecture: start.architecture,
      transform: start.transform,
      images: labels.length,
      classes: classes.length,
      validationImages: validation.images.length,
      unreadable: unreadable.length,
      flippedLabels: data.flipped,
      cacheBytes: training.bytes + validation.bytes,
      step: state.step,
      steps,
      stepsPerEpoch,
      versions: versions(),
    })

    // A run killed between its two files: the weights of the best epoch are those of the checkpoint.
    const atEpochEnd = state.step === state.epochsEnded * stepsPerEpoch
    if (checkpoint !== null && atEpochEnd && state.best?.epoch === state.epochsEnded) await saveBest()

    const began = performance.now()
    const firstStep = state.step
    while (endOf(state, settings) === null) {
      if (epochIsDue(state, stepsPerEpoch)) {
        try {
          await endEpoch()
        } catch (thrown) {
          if (signal?.aborted !== true || thrown !== signal.reason) throw thrown
          return await stop()
        }
        continue
      }
      const { step } = state
      const epoch = state.epochsEnded + 1

      const waitBegan = performance.now()
      const batch = await source.next()
      // The step holds this thread until it is done: let the batches after it reach libuv's pool first.
      await nextTurn()
      const waitMs = performance.now() - waitBegan

      const rate = settings.learningRate * rateAt(step, { ...settings, totalSteps: steps })
      const frozen = epoch <= settings.freezeBackboneEpochs
      const done = trainingStep({ student, objective, teacher, optimiser }, batch, {
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
        const line = { epoch, step: state.step, rate, ...done, waitMs, ...speed, ...memory }
        log.write('step', line)
        board.step(line)
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

      if (signal?.aborted === true) return await stop()
      const { checkpointEverySteps } = settings
      if (checkpointEverySteps !== null && state.step % checkpointEverySteps === 0) await save()
    }

    if (!publish) return result(null)
    const bundle = await publishBest(bestFile, {
      settings,
      name,
      start,
      objective: asked,
      data,
      material,
      state,
      limits,
      unreadable: unreadable.length,
      work,
      command,
      log,
      logger,
    })
    return result(bundle)
  } finally {
    log.close()
    board.close()
    optimiser.dispose()
    teacher?.dispose()
    objective.dispose()
    student.dispose()
  }
}
