import type { Architecture } from '../bundles/manifest.js'
import { classesOf } from '../datasets/labelled-set.js'
import { createRandom } from '../datasets/random.js'
import { createObjective, resolveObjective } from '../losses/objective.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { createNetwork } from '../networks/create-network.js'
import { sizeOf } from '../networks/tensor-map.js'
import { readValues } from '../tensors/read-values.js'
import { tf } from '../tensors/tensorflow.js'
import { checkCacheFile } from './cache/file-cache.js'
import { cacheFileOf } from './cache/open-cache.js'
import { checkFeatureRoom, featureRows } from './feature-room.js'
import { headStudent } from './head-student.js'
import { checkLearning } from './learning-layers.js'
import { createOptimiser } from './optimiser.js'
import type { TrainProgress } from './progress.js'
import { createRunSampler } from './run-sampler.js'
import { bundleNameOf, settingsOfSeed } from './run-settings.js'
import { checkSeeds, seedOf } from './seeds.js'
import type { TrainSettings } from './settings.js'
import { findStartingPoint } from './starting-point.js'
import { pictureStudent, type Student } from './student.js'
import { createTeacher } from './teacher.js'
import { readTrainingData } from './training-data.js'
import { trainingStep } from './training-step.js'

/** What a run would do and cost, before it does it. */
export interface RunPlan {
  readonly init: string
  readonly architecture: Architecture
  readonly images: number
  readonly classes: number
  readonly validationImages: number
  readonly validationClasses: number
  readonly batchSize: number
  readonly stepsPerEpoch: number
  /** Of one run. */
  readonly steps: number
  /** How many runs there are, one a seed. */
  readonly runs: number
  /** Values that learn. */
  readonly parameters: number
  readonly memory: {
    /** Resident bytes of this process after the steps that were tried: program, network, and the most of a step. */
    readonly stepBytes: number
    /** Pictures or features kept, at most. */
    readonly cacheBytes: number
    /** Pictures kept in a file instead, at most. */
    readonly fileBytes: number
  }
  readonly time: {
    /** Of the steps that were tried on random examples, the first left out; without loading. */
    readonly stepSeconds: number
    /** One picture through the network, as for validation or features. */
    readonly pictureSeconds: number
    /** Of all runs. */
    readonly totalSeconds: number
  }
}

export interface PlanOptions {
  /** Those that the run is to be repeated with, as `trainSeeds` does. */
  readonly seeds?: readonly number[] | undefined
  /** Told of the init's download, where it is one. */
  readonly onProgress?: (progress: TrainProgress) => void
}

/** The first warms up; a teacher, where there is one, takes part in all. */
const triedSteps = 3

/**
 * Reads the sets, without their pictures, builds the network and takes a few steps on random examples.
 *
 * @throws KindredError as `train` or `trainSeeds` does before it reads a picture
 */
export async function planRun(
  settings: TrainSettings,
  { seeds, onProgress = () => undefined }: PlanOptions = {},
): Promise<RunPlan> {
  if (seeds !== undefined) checkSeeds(seeds)
  for (const run of seeds?.map((seed) => settingsOfSeed(settings, seed)) ?? [settings]) bundleNameOf(run)
  const runs = seeds?.length ?? 1
  const asked = resolveObjective(settings)
  const start = await findStartingPoint(settings, {
    onProgress: (done, total) => {
      onProgress({ phase: 'fetching', done, total })
    },
  })
  checkLearning(settings.train, start.architecture)
  const cacheFile = cacheFileOf(settings)
  if (cacheFile !== null) await checkCacheFile(cacheFile)
  const split = await readTrainingData(settings)
  const { train, validation } = split
  const ofHead = settings.train === 'head'
  if (ofHead) {
    const { dimensions } = architectureGraph({ ...start.architecture, head: null })
    checkFeatureRoom(settings, split, dimensions)
  }
  const labels = train.images.map(({ label }) => label)
  const classes = classesOf(train).length
  const { seed } = settings
  const sampler = createRunSampler(settings, labels)
  const stepsPerEpoch = settings.stepsPerEpoch ?? sampler.batchesPerEpoch
  const steps = settings.epochs * stepsPerEpoch

  const network = createNetwork(start.architecture, {
    seed,
    ...(start.weights && { weights: start.weights }),
  })
  const pictureSeconds = timePictures(pictureStudent(network, start.transform))
  const weights = network.weights()
  if (ofHead) network.dispose()
  const student = ofHead ? headStudent(start.architecture, weights) : pictureStudent(network, start.transform)
  const objective = createObjective(asked, {
    classes,
    dimensions: student.dimensions,
    random: (purpose) => createRandom(seedOf(seed, purpose)),
  })
  const optimiser = createOptimiser(student, objective, settings)
  const parameters = optimiser.learning(false).reduce((sum, { size }) => sum + size, 0)
  const teacher = objective.needsTeacher(1) ? createTeacher(student, student.weights()) : null
  const stepSeconds = timeSteps({ student, objective, optimiser, teacher }, settings, {
    batchSize: sampler.batchSize,
    classes,
  })
  const stepBytes = process.memoryUsage.rss()
  for (const one of [teacher, optimiser, objective, student]) one?.dispose()

  const refreshed = sampler.refresh === undefined ? 0 : train.images.length
  const passed = settings.epochs * (validation.images.length + refreshed)
  const read = new Set(train.images).size
  const featured = featureRows(settings, split, runs)
  const { maxBytes, fileMaxBytes } = settings.cache
  const pictureBytes = cachedBytes(settings, start.transform, read, validation.images.length)
  const exampleBytes = 4 * sizeOf(student.exampleShape)
  return {
    init: start.name,
    architecture: start.architecture,
    images: train.images.length,
    classes,
    validationImages: validation.images.length,
    validationClasses: classesOf(validation).length,
    batchSize: sampler.batchSize,
    stepsPerEpoch,
    steps,
    runs,
    parameters,
    memory: {
      stepBytes,
      cacheBytes: ofHead
        ? exampleBytes * featured
        : cacheFile === null
          ? Math.min(maxBytes, pictureBytes)
          : 0,
      fileBytes: cacheFile === null ? 0 : Math.min(fileMaxBytes, pictureBytes),
    },
    time: {
      stepSeconds,
      pictureSeconds,
      totalSeconds: runs * steps * stepSeconds + (ofHead ? featured : runs * passed) * pictureSeconds,
    },
  }
}

/** Decoded pictures are bytes; those of training are wider than high by a third, as photos are. */
function cachedBytes(
  { cache }: TrainSettings,
  { width, height }: { width: number; height: number },
  training: number,
  validation: number,
): number {
  const shorterSide = cache.shorterSide ?? Math.round((Math.min(width, height) * 8) / 7)
  return 3 * (training * Math.round((shorterSide ** 2 * 4) / 3) + validation * width * height)
}

const randomExamples = (student: Student, count: number): Float32Array => {
  const random = createRandom(count)
  return Float32Array.from({ length: count * sizeOf(student.exampleShape) }, () => 2 * random() - 1)
}

function timePictures(student: Student): number {
  const count = 16
  const values = randomExamples(student, count)
  const pass = (): void => {
    readValues(() => student.embed(tf.tensor(values, [count, ...student.exampleShape])))
  }
  pass()
  const began = performance.now()
  pass()
  return (performance.now() - began) / 1000 / count
}

function timeSteps(
  learner: Parameters<typeof trainingStep>[0],
  { seed }: TrainSettings,
  { batchSize, classes }: { batchSize: number; classes: number },
): number {
  const batch = {
    inputs: randomExamples(learner.student, batchSize),
    labels: Int32Array.from({ length: batchSize }, (_, i) => Math.floor(i / 2) % classes),
    sampler: { batchesDrawn: 0 },
  }
  let began = performance.now()
  for (let step = 0; step < triedSteps; step++) {
    if (step === 1) began = performance.now()
    trainingStep(learner, batch, { rate: 0, frozen: false, step, progress: 1, seed })
  }
  return (performance.now() - began) / 1000 / (triedSteps - 1)
}
