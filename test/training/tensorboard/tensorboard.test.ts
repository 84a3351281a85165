import { readdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { crc32c, maskedCrc32c } from '../../../src/training/tensorboard/crc32c.js'
import { openTensorboard } from '../../../src/training/tensorboard/open-tensorboard.js'
import { drawShapes, shapeSettings } from '../shapes.js'
import { logOf, run, runUntil, stepsOf } from '../run.js'
import { readEvents, slowCrc32c, type ReadEvent } from './read-events.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('crc32c', () => {
  it('gives the check values of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  })

  it('is the remainder of a division, bit after bit', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32c(bytes)).toBe(slowCrc32c(bytes))
      }),
    )
  })

  it('is masked into another unsigned number', () => {
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe(0xc78ab0e5)
  })
})

const eventsIn = (folder: string): ReadEvent[][] =>
  readdirSync(folder)
    .sort()
    .map((name) => readEvents(path.join(folder, name)))

describe('openTensorboard', () => {
  const line = {
    loss: 1.5,
    parts: { base: 1, lsd: 0.5 },
    gradientNorm: 2,
    teacherMs: 0,
    forwardMs: 0,
    backwardMs: 0,
    optimiserMs: 0,
    rate: 1e-3,
    imagesPerSecond: 100,
    waitShare: 0.25,
    tensors: 12,
    residentBytes: 2 ** 40,
  }
  const folder = (): string => temporaryFolder()

  it('writes steps and epochs, large numbers too', () => {
    const where = folder()
    const board = openTensorboard(where, null)
    board.step({ ...line, step: 2 ** 40 + 3 })
    board.epoch({
      step: 300,
      meanLoss: 2.5,
      validation: { recallAt1: 0.5, mapAtR: 0.25, rPrecision: 0.125, queries: 2, classes: 1 },
    })
    board.epoch({ step: 301, meanLoss: 2, validation: null })
    board.close()
    const [first, step, epoch, blind] = eventsIn(where)[0] ?? []
    expect(first).toMatchObject({ fileVersion: 'brain.Event:2', step: 0 })
    expect(step?.step).toBe(2 ** 40 + 3)
    expect(step?.scalars).toMatchObject({
      'loss/total': 1.5,
      'loss/lsd': 0.5,
      'speed/waitShare': 0.25,
      'memory/residentBytes': 2 ** 40,
    })
    expect(Math.abs((step?.wallTime ?? NaN) - Date.now() / 1000)).toBeLessThan(60)
    expect(epoch).toMatchObject({ step: 300, scalars: { 'validation/mapAtR': 0.25, 'loss/epochMean': 2.5 } })
    expect(blind?.scalars).toEqual({ 'loss/epochMean': 2 })
  })

  it('removes what an earlier run left, and goes on beside what a stopped one left', () => {
    const where = folder()
    openTensorboard(where, null).close()
    openTensorboard(where, { step: 7 }).close()
    const [, resumed] = eventsIn(where)
    expect(resumed?.[1]).toMatchObject({ restart: true, step: 8 })
    openTensorboard(where, null).close()
    expect(eventsIn(where)).toHaveLength(1)
  })
})

describe('a training run', () => {
  let data: string
  beforeAll(async () => {
    data = await drawShapes()
  })

  it('writes the curves of its log', async () => {
    const settings = shapeSettings(data, { epochs: 2, stepsPerEpoch: 3 })
    await runUntil(settings, 4)
    const { work } = await run(settings, { resume: true })
    const files = eventsIn(path.join(work, 'tensorboard'))
    expect(files).toHaveLength(2)
    const events = files.flat()
    const losses = events.flatMap(({ step, scalars }) =>
      scalars['loss/total'] === undefined ? [] : [[step, scalars['loss/total']]],
    )
    expect(losses).toEqual(stepsOf(work).map(({ step, loss }) => [step, Math.fround(loss)]))
    const figures = events.flatMap(({ scalars }) => scalars['validation/mapAtR'] ?? [])
    const logged = logOf(work).flatMap(({ event, validation }) =>
      event === 'epoch' ? [validation?.mapAtR ?? NaN] : [],
    )
    expect(figures).toEqual(logged.map(Math.fround))
  })
})
