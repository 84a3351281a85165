import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/training/checkpoint.js'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { logOf, mean, run, runUntil, stepsOf } from './run.js'
import { drawShapes, shapeSettings } from './shapes.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

const partsOf = (work: string): Record<string, number>[] =>
  stepsOf(work).map(({ parts }) => parts as Record<string, number>)

describe('a run with regularisers', () => {
  it.each([
    ['proxy-anchor', 'lsd:20'],
    ['proxy-anchor', 'ranking:0.05'],
    ['proxy-anchor', 'ghm:1'],
    ['contrastive', 'lsd:20'],
    ['contrastive', 'ranking:0.05'],
    ['contrastive', 'ghm:1'],
    ['proxy-anchor', 'lsd:20,ranking:0.05,ghm:1'],
  ])('learns by %s and %s', async (loss, regularize) => {
    const settings = shapeSettings(data, {
      loss,
      regularize,
      regularizerParams: regularize.includes('ranking') ? { ranking: { r: 0.1, g: -100 } } : {},
      validation: { share: 0.2 },
      epochs: 5,
    })
    const { work } = await run(settings)
    const losses = stepsOf(work).map((line) => line.loss)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(mean(losses.slice(-6))).toBeLessThan(mean(losses.slice(0, 6)))
    stepsOf(work).forEach((line, step) => {
      const parts = partsOf(work)[step] ?? {}
      expect(Object.values(parts).reduce((a, b) => a + b)).toBeCloseTo(line.loss, 3)
    })
    expect(new Set(Object.keys(partsOf(work).at(-1) ?? {}))).toEqual(
      new Set(['base', ...regularize.split(',').map((part) => part.replace(/:.*/, ''))]),
    )
  })

  it('lets the teacher rest in the first epoch, and keeps memory flat with it', async () => {
    const { work } = await run(shapeSettings(data, { regularize: 'lsd:20', epochs: 3 }))
    const parts = partsOf(work)
    expect(parts.slice(0, 6).every((part) => part['lsd'] === undefined)).toBe(true)
    // The teacher is the student of the moment before at first, and further behind at each step.
    expect(parts[6]?.['lsd']).toBeLessThan(1e-4)
    expect(parts[11]?.['lsd']).toBeGreaterThan(parts[6]?.['lsd'] ?? NaN)
    const tensors = stepsOf(work).map((line) => line.tensors)
    expect(new Set(tensors.slice(1)).size).toBe(1)
  })

  it('resumes with its teacher, its projector and what it drew: the curve of a run that was not stopped', async () => {
    const over = {
      loss: 'triplet',
      lossParams: { mining: 'distance-weighted' },
      regularize: 'lsd:200,ranking:0.1',
      regularizerParams: { ranking: { r: 0.1, g: -100 } },
      epochs: 3,
      stepsPerEpoch: 4,
    }
    const whole = await run(shapeSettings(data, over))
    const settings = shapeSettings(data, over)
    // In the midst of an epoch that has a teacher, and at the end of one.
    for (const stopAfter of [6, 8]) await runUntil(settings, stopAfter)
    const resumed = await run(settings, { resume: true })
    const [expected, found] = [partsOf(whole.work), partsOf(resumed.work)]
    expect(found).toHaveLength(12)
    found.forEach((parts, step) => {
      for (const [name, part] of Object.entries(parts)) {
        const reference = expected[step]?.[name] ?? NaN
        expect(Math.abs(part - reference)).toBeLessThanOrEqual(2e-3 * Math.abs(reference) + 1e-6)
      }
    })
  })

  it('keeps the teacher in the checkpoint, and neither it nor the projector in the bundle', async () => {
    const settings = shapeSettings(data, { regularize: 'lsd,ranking', epochs: 1, stepsPerEpoch: 2 })
    const { work, bundle } = await run(settings)
    const { teacher, network, loss } = await readCheckpoint(path.join(work, 'last.safetensors'))
    expect(teacher).toEqual(network)
    expect([...loss.keys()]).toEqual(['proxies', 'ranking.projector.weight', 'ranking.projector.bias'])
    expect((await readCheckpoint(path.join(work, 'best.safetensors'))).teacher.size).toBe(0)
    const { manifest } = await loadBundle(bundle?.folder ?? '')
    expect(manifest.training).toMatchObject({
      objective: {
        loss: { name: 'proxy-anchor', params: { alpha: 32, margin: 0.1 } },
        regularisers: [
          { name: 'lsd', weight: 100 },
          { name: 'ranking', weight: 0.23 },
        ],
      },
    })
    expect(logOf(work)[0]).toHaveProperty('objective')
  })
})

describe('a run by a distance of its own', () => {
  it('learns by the hybrid distance', async () => {
    const settings = shapeSettings(data, { loss: 'margin', distance: 'ghm:0.5', epochs: 5 })
    const losses = stepsOf((await run(settings)).work).map(({ loss }) => loss)
    expect(mean(losses.slice(-6))).toBeLessThan(mean(losses.slice(0, 6)))
  })
})
