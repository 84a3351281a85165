import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { trainCommand } from '../../src/cli/train.js'
import { readTrainConfig } from '../../src/cli/train-config.js'
import { parseTrainSettings } from '../../src/training/settings.js'
import { run } from './run.js'

const fileWith = (text: string): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'kindred-train-')), 'recipe.yaml')
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

  it('refuses a variable that is not set, a broken file, and set flags without a set', () => {
    expect(() => readTrainConfig(fileWith('output: ${NOWHERE}'), {}, {})).toThrow(/NOWHERE/)
    expect(() => readTrainConfig(fileWith('a: [1'), {}, {})).toThrow(/not YAML or JSON/)
    expect(() => readTrainConfig('/nowhere.yaml', {}, {})).toThrow(/cannot be read/)
    expect(() => readTrainConfig(undefined, { split: 'train' }, {})).toThrow(/split/)
  })

  it('refuses wrong usage before TensorFlow is touched', async () => {
    await expect(run(trainCommand(), '--batch', '28by4')).rejects.toThrow(/CLASSESxIMAGES/)
    await expect(run(trainCommand(), '--epochs', '0')).rejects.toThrow(/whole number/)
    await expect(run(trainCommand(), '--data', 'photos')).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})
