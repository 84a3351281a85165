import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { trainCommand } from '../../src/cli/train.js'
import { parseOwnedParams, parseParams } from '../../src/cli/params-option.js'
import { readTrainConfig } from '../../src/cli/train-config.js'
import { parseTrainSettings } from '../../src/training/settings.js'
import { run } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const fileWith = (text: string): string => {
  const file = path.join(temporaryFolder(), 'recipe.yaml')
  writeFileSync(file, text)
  return file
}

describe('the settings of kindred train', () => {
  it('lets flags win over the file and puts environment variables into it', () => {
    const file = fileWith(
      'output: models/a\nepochs: 3\ndata:\n  - path: ${PHOTOS}/index.csv\ninput: { fit: cover }\n',
    )
    const raw = readTrainConfig(file, { epochs: 5, size: 96 }, { PHOTOS: '/photos' })
    expect(parseTrainSettings(raw)).toMatchObject({
      output: 'models/a',
      epochs: 5,
      input: { size: 96, fit: 'cover' },
      data: [{ path: '/photos/index.csv' }],
    })
  })

  it('gives every --data the flags that describe a set', () => {
    const raw = readTrainConfig(
      undefined,
      {
        data: ['a', 'b'],
        output: 'models/x',
        labelColumn: 'name',
        classes: '0-9',
        excludeLabels: 'Other,Skip',
      },
      {},
    )
    const described = { labelColumn: 'name', classes: '0-9', excludeLabels: ['Other', 'Skip'] }
    expect(parseTrainSettings(raw).data).toMatchObject([
      { path: 'a', ...described },
      { path: 'b', ...described },
    ])
  })

  it('lays patience over the validation of the file, and takes what learns and how', () => {
    const file = fileWith('validation: { share: 0.3 }\ndata: [{ path: a }]\noutput: models/x\n')
    const flags = { patience: 3, train: 'head', views: 2, deterministic: true } as const
    expect(parseTrainSettings(readTrainConfig(file, flags, {}))).toMatchObject({
      validation: { share: 0.3, patience: 3 },
      train: 'head',
      views: 2,
      deterministic: true,
    })
  })

  it('refuses a variable that is not set, a broken file, and set flags without a set', () => {
    expect(() => readTrainConfig(fileWith('output: ${NOWHERE}'), {}, {})).toThrow(/NOWHERE/)
    expect(() => readTrainConfig(fileWith('a: [1'), {}, {})).toThrow(/not YAML or JSON/)
    expect(() => readTrainConfig('/nowhere.yaml', {}, {})).toThrow(/cannot be read/)
    expect(() => readTrainConfig(undefined, { split: 'train' }, {})).toThrow(/split/)
  })

  it('takes label noise and the sampler for the run, and the layout for its set', () => {
    const raw = readTrainConfig(
      undefined,
      {
        data: ['CUB_200_2011'],
        output: 'models/x',
        format: 'cub200',
        splitBy: 'published',
        boxes: 'crop',
        labelNoise: 0.3,
        sampler: 'distance-aware',
      },
      {},
    )
    expect(parseTrainSettings(raw)).toMatchObject({
      labelNoise: 0.3,
      sampler: 'distance-aware',
      data: [{ format: 'cub200', splitBy: 'published', boxes: 'crop' }],
    })
  })

  it('reads losses, distances, regularisers and their parameters from flags', () => {
    expect(parseParams('mining=semi-hard,margin=0.2,normalize=true')).toEqual({
      mining: 'semi-hard',
      margin: 0.2,
      normalize: true,
    })
    const regularizerParams = parseOwnedParams('lsd.tau=2,ranking.r=0.3, ranking.normalize=false')
    expect(regularizerParams).toEqual({ lsd: { tau: 2 }, ranking: { r: 0.3, normalize: false } })
    const flags = { data: ['a'], output: 'models/x', regularize: 'lsd:100,ranking', regularizerParams }
    expect(parseTrainSettings(readTrainConfig(undefined, flags, {}))).toMatchObject({
      regularize: { lsd: 100, ranking: null },
      regularizerParams,
    })
  })

  it('refuses wrong usage before TensorFlow is touched', async () => {
    await expect(run(trainCommand(), '--batch', '28by4')).rejects.toThrow(/CLASSESxIMAGES/)
    await expect(run(trainCommand(), '--loss-params', 'margin:1')).rejects.toThrow(/NAME=VALUE/)
    await expect(run(trainCommand(), '--regularizer-params', 'tau=1')).rejects.toThrow(/OWNER.NAME=VALUE/)
    await expect(run(trainCommand(), '--epochs', '0')).rejects.toThrow(/whole number/)
    await expect(run(trainCommand(), '--label-noise', '1')).rejects.toThrow(/from 0 to 0.99/)
    await expect(run(trainCommand(), '--sampler', 'hard')).rejects.toThrow(/m-per-class, random, distance/)
    await expect(run(trainCommand(), '--seeds', '0,x')).rejects.toThrow(/whole number/)
    await expect(run(trainCommand(), '--views', '0')).rejects.toThrow(/whole number/)
    await expect(run(trainCommand(), '--format', 'cub')).rejects.toThrow(/cub200, cars196/)
    await expect(run(trainCommand(), '--data', 'photos')).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})
