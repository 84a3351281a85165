import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { createLogger } from '../../src/log.js'
import { summarise } from '../../src/training/t-interval.js'
import { trainSeeds } from '../../src/training/train-seeds.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { stepsOf } from './run.js'

const logger = createLogger('silent')
let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('trainSeeds', () => {
  it('publishes a bundle a seed and sums their figures up', async () => {
    const settings = shapeSettings(data, { epochs: 2, stepsPerEpoch: 3 })
    const begun: number[] = []
    const { runs, summary, file } = await trainSeeds(settings, [3, 0, 1], {
      logger,
      onSeed: (seed) => begun.push(seed),
    })
    expect(begun).toEqual([3, 0, 1])
    const values = runs.map(({ result }) => result.best?.figures?.mapAtR ?? NaN)
    expect(summary?.mapAtR).toEqual(summarise(values))
    expect(new Set(runs.map(({ result }) => stepsOf(result.work)[0]?.loss)).size).toBe(3)
    expect((await loadBundle(`${settings.output}-seed-3`)).manifest).toMatchObject({
      name: 'shapes-seed-3',
      training: { settings: { seed: 3 } },
    })
    expect(file).toBe(path.join(settings.work ?? '', 'seeds.json'))
    const written = JSON.parse(readFileSync(file ?? '', 'utf8')) as { runs: unknown[]; summary: unknown }
    expect(written.summary).toEqual(summary)
    expect(written.runs).toMatchObject([
      { seed: 3, bestEpoch: runs[0]?.result.best?.epoch },
      { seed: 0 },
      { seed: 1 },
    ])
  })

  it('stops with the seed that was stopped, and resumes to all of them', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 2 })
    const controller = new AbortController()
    let seed = -1
    const stopped = await trainSeeds(settings, [0, 1], {
      logger,
      signal: controller.signal,
      onSeed: (begun) => (seed = begun),
      onProgress: ({ phase }) => {
        if (phase === 'training' && seed === 1) controller.abort()
      },
    })
    expect(stopped).toMatchObject({ summary: null, file: null })
    expect(stopped.runs.map(({ result }) => result.bundle === null)).toEqual([false, true])
    const { runs, summary } = await trainSeeds(settings, [0, 1], { logger, resume: true })
    expect(runs[1]?.result.stepsDone).toBe(2)
    expect(summary).not.toBeNull()
  })

  it.each([[[0]], [[1, 1]], [[]]])('refuses %j', async (seeds) => {
    await expect(trainSeeds(shapeSettings(data), seeds, { logger })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
    })
  })
})
