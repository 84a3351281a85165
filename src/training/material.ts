import type { ClassSplit } from '../datasets/class-split.js'
import type { LabelledImage } from '../datasets/labelled-set.js'
import { createRandom } from '../datasets/random.js'
import { applyAugmentation, drawAugmentation } from '../images/augment.js'
import type { ImageLimits } from '../images/limits.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { createNetwork } from '../networks/create-network.js'
import { initialWeights } from '../networks/initialise.js'
import { isHead, withoutHead } from '../networks/parameters.js'
import type { TensorMap } from '../networks/tensor-map.js'
import type { PictureCache } from './cache/picture-cache.js'
import type { Examples } from './examples.js'
import { featureExamples } from './feature-examples.js'
import { computeFeatures, createFeatureNetwork, type FeatureStore } from './features.js'
import { checkFeatureRoom } from './feature-room.js'
import { headStudent } from './head-student.js'
import { pictureExamples } from './picture-examples.js'
import { forTraining, forValidation, loadPictures, type Decode } from './pictures.js'
import { principalHead, spreadEvenly } from './principal-head.js'
import { repeatExamples } from './repeat-examples.js'
import { seedOf } from './seeds.js'
import type { TrainSettings } from './settings.js'
import type { StartingPoint } from './starting-point.js'
import { pictureStudent, type Student } from './student.js'
import { checkUnreadable } from './unreadable.js'

/** What a run works on. */
export interface Material {
  readonly student: Student
  readonly training: Examples
  readonly validation: Examples
  /** The whole network's weights, of those that the student learned. */
  readonly whole: (learned: TensorMap) => TensorMap
}

export interface MaterialOptions {
  /** Weights of a student that stopped earlier. */
  readonly weights: TensorMap | undefined
  readonly store: FeatureStore
  /** Of pictures; it must outlive the material. */
  readonly pictures: PictureCache
  /** What a picture may cost; one that costs more is unreadable. */
  readonly limits: ImageLimits
  readonly onProgress: (phase: 'loading' | 'features', done: number, total: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Reads every picture once: for a head alone into features, else into the cache as far as its cap allows. Validation takes
 * the road of serving, and its share of the cache first.
 *
 * @throws KindredError DATASET_INVALID, WEIGHTS_INVALID, INVALID_SETTING for features past the cap; the signal's reason
 * when aborted
 */
export async function prepareMaterial(
  settings: TrainSettings,
  start: StartingPoint,
  split: ClassSplit,
  options: MaterialOptions,
): Promise<Material> {
  const prepare = settings.train === 'head' ? ofFeatures : ofPictures
  // What counts more often is read and kept once.
  const train = { ...split.train, images: [...new Set(split.train.images)] }
  const material = await prepare(settings, start, { ...split, train }, options)
  const { validation, training } = material
  try {
    // Of both together: one broken picture is a large share of a small validation part.
    checkUnreadable(
      [...validation.unreadable, ...training.unreadable],
      split.validation.images.length + train.images.length,
      // Whatever may be missed, something must be left to learn from.
      training.images.length > 0 ? settings.unreadableShare : 0,
    )
    return { ...material, training: repeatExamples(split.train.images, training) }
  } catch (error) {
    material.student.dispose()
    throw error
  }
}

/** Each part may miss what it likes until the whole is known. */
const unreadableShare = 1

async function ofPictures(
  settings: TrainSettings,
  start: StartingPoint,
  split: ClassSplit,
  { weights = start.weights, pictures, limits, onProgress, signal }: MaterialOptions,
): Promise<Material> {
  const { augmentation, seed } = settings
  const transform = { ...start.transform, layout: 'nhwc' } as const
  /** Adds the head that the weights lack, where it is to start from the pictures. */
  const withHead = async (weights: TensorMap): Promise<TensorMap> => {
    // Without a readable picture the check of the whole set, which comes after, ends the run.
    if (!startsPrincipal(settings, weights) || training.images.length === 0) return weights
    const network = createFeatureNetwork(start.architecture, weights, transform)
    const plain = forValidation(transform, limits)
    try {
      const { rows } = await computeFeatures(spreadEvenly(training.images), network, {
        views: () => ['plain'],
        prepare: async (image) => [await plain(image)],
        store: new Map(),
        unreadableShare,
        signal,
        onProgress: (done, total) => {
          onProgress('features', done, total)
        },
      })
      return new Map([...weights, ...principalHead(rows.flat(), settings.dimensions)])
    } finally {
      network.dispose()
    }
  }
  const load = (images: readonly LabelledImage[], decode: Decode) =>
    loadPictures(images, decode, {
      cache: pictures,
      unreadableShare,
      signal,
      onProgress: (done, total) => {
        onProgress('loading', done, total)
      },
    })
  const validation = await load(split.validation.images, forValidation(transform, limits))
  const training = await load(split.train.images, decodeForTraining(settings, start, limits))
  const known = weights && (await withHead(weights))
  const network = createNetwork(start.architecture, {
    seed: networkSeed(seed),
    ...(known && { weights: known }),
  })
  return {
    student: pictureStudent(network, transform),
    training: pictureExamples(training, { transform, augmentation, seed }),
    validation: pictureExamples(validation, { transform, augmentation, seed }),
    whole: (learned) => learned,
  }
}

async function ofFeatures(
  settings: TrainSettings,
  start: StartingPoint,
  split: ClassSplit,
  { weights: learned, store, limits, onProgress, signal }: MaterialOptions,
): Promise<Material> {
  const { augmentation, seed, views } = settings
  const transform = { ...start.transform, layout: 'nhwc' } as const
  const initial = initialWeights(architectureGraph(start.architecture), networkSeed(seed), start.weights)
  const backbone = withoutHead(initial)
  const network = createFeatureNetwork(start.architecture, backbone, transform)
  try {
    checkFeatureRoom(settings, split, network.width)
    const common = {
      store,
      unreadableShare,
      signal,
      onProgress: (done: number, total: number) => {
        onProgress('features', done, total)
      },
    }
    const plain = forValidation(transform, limits)
    const decode = decodeForTraining(settings, start, limits)
    // A name says all that a view depends on, so that other runs may share it.
    const nameOf = (index: number, view: number): string =>
      view === 0 ? 'plain' : JSON.stringify([seed, index, view, augmentation, settings.cache.shorterSide])
    const numbers = Array.from({ length: views }, (_, view) => view)
    const validation = await computeFeatures(split.validation.images, network, {
      ...common,
      views: () => ['plain'],
      prepare: async (image) => [await plain(image)],
    })
    const training = await computeFeatures(split.train.images, network, {
      ...common,
      views: (_, index) => numbers.map((view) => nameOf(index, view)),
      prepare: async (image, index) => {
        const first = await plain(image)
        if (views === 1) return [first]
        const kept = await decode(image)
        const augmented = numbers.slice(1).map((view) => {
          const random = createRandom(seedOf(seed, 'augmentation of a view', index, view))
          return applyAugmentation(kept, drawAugmentation(random, kept, augmentation), transform)
        })
        return [first, ...(await Promise.all(augmented))]
      },
    })
    const head =
      startsPrincipal(settings, start.weights) && training.images.length > 0
        ? principalHead(
            spreadEvenly(training.rows).flatMap(([row]) => row ?? []),
            settings.dimensions,
          )
        : initial
    return {
      student: headStudent(start.architecture, learned ?? head),
      training: featureExamples(training, seed),
      validation: featureExamples(validation, seed),
      whole: (head) => new Map([...backbone, ...head]),
    }
  } finally {
    network.dispose()
  }
}

const networkSeed = (seed: number): number => seedOf(seed, 'network')

/** Whether the head is made from the pictures: the weights bring a backbone that has seen some, and no head. */
const startsPrincipal = (
  { headStart }: TrainSettings,
  weights: TensorMap | undefined,
): weights is TensorMap =>
  headStart === 'principal' && weights !== undefined && ![...weights.keys()].some(isHead)

function decodeForTraining(
  { cache }: TrainSettings,
  { transform }: StartingPoint,
  limits: ImageLimits,
): Decode {
  const { width, height, kernel } = transform
  const shorterSide = cache.shorterSide ?? Math.round((Math.min(width, height) * 8) / 7)
  return forTraining({ shorterSide, kernel }, limits)
}
