import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyCalibration, type Calibration } from '../../src/bundles/calibration.js'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { writeCalibration } from '../../src/bundles/write-calibration.js'
import { calibrationFacts, logisticCalibration } from '../support/calibrations.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'

const isotonic: Calibration = {
  ...calibrationFacts,
  method: 'isotonic',
  knots: [
    [0.2, 0.1],
    [0.4, 0.1],
    [0.8, 0.9],
  ],
}

describe('applying a calibration', () => {
  test('isotonic is straight between knots and level beyond them', () => {
    const probability = (score: number) => applyCalibration(isotonic, score)
    expect([-1, 0.2, 0.3, 0.4, 0.8, 1].map(probability)).toEqual([0.1, 0.1, 0.1, 0.1, 0.9, 0.9])
    expect(probability(0.5)).toBeCloseTo(0.3, 12)
    expect(applyCalibration({ method: 'isotonic', knots: [[0.5, 0.4]] }, 0.1)).toBe(0.4)
  })

  test('logistic is 1 / (1 + exp(-(intercept + slope * score)))', () => {
    expect(applyCalibration({ method: 'logistic', slope: 4, intercept: -2 }, 0.5)).toBe(0.5)
    expect(applyCalibration({ method: 'logistic', slope: 4, intercept: -2 }, 1)).toBeCloseTo(
      1 / (1 + Math.exp(-2)),
      12,
    )
  })
})

describe('the calibration of a bundle', () => {
  let models: string
  let folder: string
  beforeEach(async () => {
    models = await mkdtemp(path.join(tmpdir(), 'kindred-calibration-'))
    folder = path.join(models, 'tiny')
  })
  afterEach(() => rm(models, { recursive: true, force: true }))

  test('is part of model.json, not of the fingerprint, and can be replaced', async () => {
    const plain = await writeTinyBundle(folder)
    const written = await writeCalibration(plain, logisticCalibration)
    expect(written.model).toBe(plain.model)
    expect(await loadBundle(folder)).toEqual(written)
    expect(written.manifest.calibration).toEqual(logisticCalibration)
    await writeCalibration(written, isotonic)
    expect((await loadBundle(folder)).manifest).toEqual({ ...plain.manifest, calibration: isotonic })
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'model.json',
      'model.onnx',
      'weights.safetensors',
    ])
  })

  test('can be written with the bundle', async () => {
    const bundle = await writeTinyBundle(folder, { manifest: { calibration: isotonic } })
    expect((await loadBundle(folder)).manifest.calibration).toEqual(isotonic)
    expect(bundle.manifest.calibration).toEqual(isotonic)
  })

  test('leaves fields of a later version in place', async () => {
    const bundle = await writeTinyBundle(folder)
    const file = path.join(folder, 'model.json')
    const stored = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...stored, addedLater: [1] }))
    await writeCalibration(bundle, isotonic)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      ...stored,
      addedLater: [1],
      calibration: isotonic,
    })
  })

  test.each<[string, (calibration: Record<string, unknown>) => void]>([
    ['/calibration/method', (c) => (c['method'] = 'beta')],
    ['/calibration/slope', (c) => (c['slope'] = -1)],
    ['/calibration/intercept', (c) => (c['intercept'] = '0')],
    ['/calibration/logLoss/isotonic', (c) => (c['logLoss'] = { logistic: 1, constant: 1 })],
    ['/calibration/knots', (c) => Object.assign(c, { method: 'isotonic', knots: [] })],
    [
      '/calibration/knots',
      (c) =>
        Object.assign(c, {
          method: 'isotonic',
          knots: [
            [0, 0.5],
            [1, 0.4],
          ],
        }),
    ],
    [
      '/calibration/knots',
      (c) =>
        Object.assign(c, {
          method: 'isotonic',
          knots: [
            [0, 0.5],
            [0, 0.6],
          ],
        }),
    ],
    ['/calibration/knots', (c) => Object.assign(c, { method: 'isotonic', knots: [[0, 1.5]] })],
  ])('is refused, naming %s, where it is wrong', async (place, change) => {
    const bundle = await writeTinyBundle(folder)
    const before = await readFile(path.join(folder, 'model.json'), 'utf8')
    const wrong: Record<string, unknown> = { ...logisticCalibration }
    change(wrong)
    await expect(writeCalibration(bundle, wrong as unknown as Calibration)).rejects.toThrow(place)
    expect(await readFile(path.join(folder, 'model.json'), 'utf8')).toBe(before)
    await writeFile(
      path.join(folder, 'model.json'),
      JSON.stringify({ ...(JSON.parse(before) as object), calibration: wrong }),
    )
    await expect(loadBundle(folder)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
  })

  test.skipIf(process.getuid?.() === 0)('says so when the folder cannot be written to', async () => {
    const bundle = await writeTinyBundle(folder)
    await chmod(folder, 0o500)
    await expect(writeCalibration(bundle, isotonic)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await chmod(folder, 0o700)
  })
})
