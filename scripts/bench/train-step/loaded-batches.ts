import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createClassBalancedSampler } from '../../../src/datasets/class-balanced-sampler.js'
import { readSet } from '../../../src/datasets/read-set.js'
import { renderSyntheticCatalogue } from '../../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { createBatchSource, type BatchSource } from '../../../src/training/batch-source.js'
import { createMemoryCache } from '../../../src/training/cache/memory-cache.js'
import { plainTransform } from '../../../src/training/init/init.js'
import { pictureExamples } from '../../../src/training/picture-examples.js'
import { forTraining, loadPictures } from '../../../src/training/pictures.js'
import { parseTrainSettings } from '../../../src/training/settings.js'
import type { TrainStepSettings } from './settings.js'
import type { NextBatch } from './steps.js'

const imagesPerClass = 4

/**
 * Batches on the trainer's own road: drawn pictures, decoded once, augmented for each batch in libuv's pool.
 *
 * @returns a source that prepares ahead as the trainer's does; the drawings are gone from disk by then
 */
export async function openLoadedBatches({ batch, size, seed }: TrainStepSettings): Promise<BatchSource> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'))
  try {
    const drawings = path.join(folder, 'drawings')
    const classes = Math.ceil(batch / imagesPerClass)
    const counts = { classes: Math.max(20, classes), imagesPerClass: 6, queriesPerClass: 0 }
    await renderSyntheticCatalogue(drawings, { seed, ...counts, size: Math.round(1.5 * size) })
    const set = await readSet(path.join(drawings, 'catalogue'))
    const sizing = { shorterSide: Math.round((size * 8) / 7), kernel: 'linear' } as const
    const pictures = await loadPictures(set.images, forTraining(sizing), {
      cache: createMemoryCache(2 ** 30),
      unreadableShare: 0,
    })
    const labels = set.images.map(({ label }) => label)
    const known = [...new Set(labels)]
    const { augmentation, batchesAhead } = parseTrainSettings({
      data: [{ path: drawings }],
      output: 'models/bench',
    })
    const transform = { ...plainTransform, width: size, height: size, layout: 'nhwc' } as const
    return createBatchSource({
      examples: pictureExamples(pictures, { transform, augmentation, seed }),
      valuesPerExample: 3 * size * size,
      labels: labels.map((label) => known.indexOf(label)),
      sampler: createClassBalancedSampler(labels, { classesPerBatch: classes, imagesPerClass, seed }),
      ahead: batchesAhead,
      firstStep: 0,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Hands a source's batches on as the trainer takes them: those after it reach libuv's pool before the step starts. */
export const nextOf =
  (source: BatchSource): NextBatch =>
  async () => {
    const { inputs } = await source.next()
    await nextTurn()
    return inputs
  }

/** Milliseconds per image of preparing batches while nothing else computes, one figure a batch. */
export async function timeLoadingAlone(settings: TrainStepSettings, batches: number): Promise<number[]> {
  const source = await openLoadedBatches(settings)
  const times: number[] = []
  for (let n = -warmUpBatches; n < batches; n++) {
    const began = performance.now()
    await source.next()
    if (n >= 0) times.push((performance.now() - began) / settings.batch)
  }
  return times
}

/** The first batches were prepared ahead together. */
const warmUpBatches = 4
