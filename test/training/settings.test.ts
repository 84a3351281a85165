import { describe, expect, it } from 'vitest'
import { describeTrainSettings, parseTrainSettings } from '../../src/training/settings.js'

const least = { data: [{ path: 'photos' }], output: 'models/mine' }
const refusal = (raw: unknown): Error & { code?: string; hint?: string } => {
  try {
    parseTrainSettings(raw)
  } catch (thrown) {
    if (thrown instanceof Error) return thrown
  }
  throw new Error('the settings were accepted')
}

describe('parseTrainSettings', () => {
  it('needs only data and output, and fills in every default', () => {
    const settings = parseTrainSettings(least)
    expect(settings).toMatchObject({
      loss: 'proxy-anchor',
      init: 'models/imagenet',
      batch: { classes: null, images: 4 },
      validation: { metric: 'mapAtR', seed: 0 },
      input: { size: null, fit: null },
      sampler: 'm-per-class',
      labelNoise: 0,
      train: 'all',
      views: 1,
      checkpointEverySteps: null,
      deterministic: false,
    })
    expect(settings.validation.patience).toBeNull()
    expect(settings.data[0]).toMatchObject({
      path: 'photos',
      format: 'auto',
      splitBy: 'auto',
      boxes: 'auto',
      heldOutLabels: [],
    })
  })

  it('is the same after it went through JSON, as a resumed run reads it', () => {
    const settings = parseTrainSettings({ ...least, regularize: 'lsd:100,ghm', distance: 'ghm:0.5' })
    expect(parseTrainSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })

  it('keeps what a group is given and fills in the rest', () => {
    expect(parseTrainSettings({ ...least, batch: { images: 2 } }).batch).toEqual({ classes: null, images: 2 })
  })

  it.each([
    ['lsd:100,ranking:0.23', { lsd: 100, ranking: 0.23 }],
    [' lsd : 100 , ghm ', { lsd: 100, ghm: null }],
    ['', {}],
    [
      { lsd: 1, ghm: null },
      { lsd: 1, ghm: null },
    ],
    [undefined, {}],
  ])('reads the regularisers %j', (regularize, expected) => {
    expect(parseTrainSettings({ ...least, regularize }).regularize).toEqual(expected)
  })

  it('lists all unknown settings and the known ones', () => {
    const error = refusal({ ...least, epoch: 3, lerningRate: 1 })
    expect(error).toMatchObject({ code: 'INVALID_SETTING' })
    expect(error.message).toContain('epoch, lerningRate')
    expect(error.hint).toContain('epochs')
    expect(error.hint).toContain('learningRate')
  })

  it('says where an unknown setting of a group stands', () => {
    expect(refusal({ ...least, data: [{ path: 'a', labelcolumn: 'b' }] }).message).toContain(
      'in data[0]: labelcolumn',
    )
  })

  it.each([
    ['epochs', { epochs: 1.5 }],
    ['epochs', { epochs: '3' }],
    ['learningRate', { learningRate: NaN }],
    ['learningRate', { learningRate: -1 }],
    ['pooling', { pooling: 'max' }],
    ['sampler', { sampler: 'class-balanced' }],
    ['labelNoise', { labelNoise: 1 }],
    ['labelNoise', { labelNoise: '0.3' }],
    ['train', { train: 'last-0-blocks' }],
    ['train', { train: 'tail' }],
    ['views', { views: 0 }],
    ['validation.patience', { validation: { patience: 0 } }],
    ['checkpointEverySteps', { checkpointEverySteps: 0 }],
    ['deterministic', { deterministic: 'yes' }],
    ['data[0].format', { data: [{ path: 'a', format: 'cub' }] }],
    ['data[0].splitBy', { data: [{ path: 'a', splitBy: 'halves' }] }],
    ['data[0].boxes', { data: [{ path: 'a', boxes: true }] }],
    ['data', { data: [] }],
    ['data[0].path', { data: [{}] }],
    ['data[0].heldOutLabels[1]', { data: [{ path: 'a', heldOutLabels: ['b', 3] }] }],
    ['output', { output: undefined }],
    ['lossParams.alpha', { lossParams: { alpha: [32] } }],
    ['regularizerParams.lsd.tau', { regularizerParams: { lsd: { tau: NaN } } }],
    ['regularize', { regularize: 'lsd=100' }],
    ['regularize', { regularize: 'lsd:' }],
    ['regularize', { regularize: 'lsd:many' }],
    ['regularize', { regularize: 'lsd:1,lsd:2' }],
    ['regularize.lsd', { regularize: 'lsd:-1' }],
    ['regularize.lsd', { regularize: { lsd: '100' } }],
    ['validation.share', { validation: { share: 1 } }],
    ['batch', { batch: 112 }],
    ['input.size', { input: { size: 0 } }],
  ])('names %s when it is wrong', (name, wrong) => {
    const error = refusal({ ...least, ...wrong })
    expect(error).toMatchObject({ code: 'INVALID_SETTING' })
    expect(error.message).toContain(`for ${name} but`)
  })

  it.each([null, 3, 'photos', []])('refuses %j, which is not settings by name', (raw) => {
    expect(refusal(raw)).toMatchObject({ code: 'INVALID_SETTING' })
  })

  it('describes every setting', () => {
    const described = describeTrainSettings()
    expect(described.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['epochs', 'input.size', 'data.path']),
    )
    for (const { description } of described) expect(description).not.toBe('')
    const acceptedBy = (wanted: string) => described.find(({ name }) => name === wanted)?.accepts
    expect(acceptedBy('validation.metric')).toBe('mapAtR, recallAt1')
    expect(acceptedBy('epochs')).toBe('1 to 10000')
    expect(acceptedBy('output')).toBeUndefined()
  })
})
