import { readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Bundle } from '../../src/bundles/bundle.js'
import type { Architecture, BundleManifest } from '../../src/bundles/manifest.js'
import type { LabelledSet } from '../../src/datasets/labelled-set.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { embedSet } from '../../src/evaluation/embed-set.js'
import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'
import { joinRows } from '../../src/evaluation/join-rows.js'
import { retrievalMetrics } from '../../src/evaluation/retrieval-metrics.js'
import { createLogger } from '../../src/log.js'
import { withoutHead } from '../../src/networks/parameters.js'
import { readSafetensors } from '../../src/networks/safetensors.js'
import type { TensorMap } from '../../src/networks/tensor-map.js'
import { readValues } from '../../src/tensors/read-values.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { readCheckpoint } from '../../src/training/checkpoint.js'
import { computeFeatures, createFeatureNetwork, type FeatureStore } from '../../src/training/features.js'
import { headStudent } from '../../src/training/head-student.js'
import { forValidation } from '../../src/training/pictures.js'
import { parseTrainSettings } from '../../src/training/settings.js'
import { train } from '../../src/training/train.js'
import type { ValidationFigures } from '../../src/training/validate.js'
import type { Cell } from './cells.js'
import type { Figures } from './results.js'
import type { Task } from './tasks.js'

/** What every run of the study has in common. */
export interface Setting {
  readonly dimensions: number
  readonly epochs: number
  readonly size: number
  /** Folder for runs and bundles, emptied run by run. */
  readonly work: string
}

/** @param whole the backbone's last blocks learn too */
export type Runner = (cell: Cell, seed: number, whole: boolean) => Promise<Figures>

interface Embedded {
  readonly queries: EmbeddedSet
  readonly gallery: EmbeddedSet | undefined
}

/** What runs of heads have in common: their backbone's architecture, and how it sees the pictures that they are measured on. */
interface Frozen {
  readonly architecture: Architecture
  readonly queries: Features
  readonly gallery: Features | undefined
}

/** Pictures of a set as the frozen backbone sees them, row by row. */
interface Features {
  readonly values: tf.Tensor2D
  readonly labels: readonly string[]
}

/**
 * Trains by `kindred train`'s own code and measures on the classes kept out: a head on frozen features, which the runs of
 * one process share, as it stands after the last epoch; or the last blocks of the backbone too, as it is published, a
 * fifth of the classes choosing the epoch. (Of a head the best epoch is often the first, before a regulariser has done anything.)
 */
export function createRunner(task: Task, setting: Setting): Runner {
  const store: FeatureStore = new Map()
  const logger = createLogger('warn')
  // What the first run's backbone sees, every run's sees.
  let frozen: Frozen | undefined

  const freeze = async ({ manifest, folder }: Bundle): Promise<Frozen> => {
    const { tensors } = readSafetensors(await readFile(path.join(folder, 'weights.safetensors')))
    return {
      architecture: manifest.architecture,
      queries: await featuresOf(await task.queries(), manifest, tensors),
      gallery: task.gallery && (await featuresOf(await task.gallery(), manifest, tensors)),
    }
  }

  const embedFrozen = async ({ architecture, queries, gallery }: Frozen, work: string): Promise<Embedded> => {
    const { network } = await readCheckpoint(path.join(work, 'last.safetensors'))
    const head = headStudent(architecture, network)
    const embed = ({ values, labels }: Features): EmbeddedSet => ({
      embeddings: readValues(() => head.embed(values)),
      dimensions: head.dimensions,
      labels,
    })
    try {
      return { queries: embed(queries), gallery: gallery && embed(gallery) }
    } finally {
      head.dispose()
    }
  }

  const embedWhole = async (bundle: Bundle | null): Promise<Embedded> => {
    if (bundle === null) throw new Error('the run gave no bundle')
    const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 0, maxBatch: 8 })
    try {
      return {
        queries: await embedSet(embedder, await task.queries()),
        gallery: task.gallery && (await embedSet(embedder, await task.gallery())),
      }
    } finally {
      await embedder.close()
    }
  }

  return async (cell, seed, whole) => {
    const { headStart, loss, distance, regularize, regularizerParams, learningRate, labelNoise } = cell
    const { dimensions, epochs, size, work } = setting
    const output = path.join(work, 'models', 'cell')
    const run = path.join(work, 'run')
    const settings = parseTrainSettings({
      headStart,
      loss,
      distance,
      regularize,
      regularizerParams,
      learningRate,
      labelNoise,
      ...(whole ? { train: 'last-12-blocks' } : { train: 'head', pooling: 'gap', logEverySteps: 1000 }),
      data: [task.data],
      output,
      work: run,
      input: { size },
      dimensions,
      epochs,
      seed,
      validation: { share: 0.2 },
    })
    try {
      const publish = whole || frozen === undefined
      const { bundle, best } = await train(settings, { logger, features: store, publish })
      const validation = whole ? best?.figures : lastFigures(path.join(run, 'log.jsonl'))
      if (validation == null) throw new Error('the run gave nothing to measure')
      if (!whole && bundle !== null) frozen = await freeze(bundle)
      const { queries, gallery } =
        whole || frozen === undefined ? await embedWhole(bundle) : await embedFrozen(frozen, run)
      const { recall, mapAtR } = await retrievalMetrics({ queries, ...(gallery && { gallery }), ks: [1] })
      return {
        validation: { mapAtR: validation.mapAtR, recallAt1: validation.recallAt1 },
        test: { mapAtR, recallAt1: recall['1'] ?? NaN },
      }
    } finally {
      rmSync(output, { recursive: true, force: true })
    }
  }
}

/** Validation figures of the last epoch in a run's log. */
function lastFigures(log: string): ValidationFigures | undefined {
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean)
  return lines
    .map((line) => JSON.parse(line) as { event: string; validation?: ValidationFigures })
    .findLast(({ event }) => event === 'epoch')?.validation
}

async function featuresOf(set: LabelledSet, manifest: BundleManifest, weights: TensorMap): Promise<Features> {
  const transform = { ...manifest.input, layout: 'nhwc' } as const
  const network = createFeatureNetwork(manifest.architecture, withoutHead(weights), transform)
  const plain = forValidation(transform)
  const { rows } = await computeFeatures(set.images, network, {
    store: new Map(),
    views: () => ['plain'],
    prepare: async (image) => [await plain(image)],
    unreadableShare: 0,
    onProgress: () => undefined,
  })
  network.dispose()
  const flat = joinRows(
    rows.flatMap((views) => views),
    network.width,
  )
  return {
    values: tf.tensor2d(flat, [rows.length, network.width]),
    labels: set.images.map(({ label }) => label),
  }
}
