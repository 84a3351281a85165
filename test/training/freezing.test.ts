import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../src/networks/safetensors.js'
import { readCheckpoint } from '../../src/training/checkpoint.js'
import { learningNames } from '../../src/training/learning-layers.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { run } from './run.js'

describe('learningNames', () => {
  const names = [
    'stem.weight',
    'blocks.0.dw.weight',
    'blocks.1.dw.weight',
    'blocks.1.project.bias',
    'embedding.weight',
  ]
  it.each([
    ['all', names],
    ['head', ['embedding.weight']],
    ['last-1-blocks', names.slice(2)],
    ['last-2-blocks', names.slice(1)],
    ['last-3-blocks', names],
  ])('of %s', (train, expected) => {
    expect([...learningNames(train, names)]).toEqual(expected)
  })

  it('tells the blocks of a ResNet apart', () => {
    const resnet = [
      'conv1.weight',
      'layer1.0.conv1.weight',
      'layer1.0.downsample.0.bias',
      'layer1.1.conv1.weight',
    ]
    expect([...learningNames('last-2-blocks', resnet)]).toEqual(resnet.slice(1))
  })

  it('refuses more blocks than there are', () => {
    expect(() => learningNames('last-4-blocks', names)).toThrow(/at most the 3 blocks/)
  })
})

describe('a run of the last blocks', () => {
  let data: string
  beforeAll(async () => {
    data = await drawShapes()
  })

  it('moves them and the head, and neither the others nor keeps moments of those', async () => {
    const first = await run(shapeSettings(data, { epochs: 1, stepsPerEpoch: 1 }))
    const init = first.bundle?.folder ?? ''
    const over = { train: 'last-1-blocks', init, backbone: undefined, epochs: 1 }
    const { work, bundle } = await run(shapeSettings(data, over))
    const weights = async (folder: string) =>
      readSafetensors(await readFile(path.join(folder, 'weights.safetensors'))).tensors
    const [before, after] = [await weights(init), await weights(bundle?.folder ?? '')]
    for (const name of ['conv1.weight', 'conv2.weight', 'conv2.bias'])
      expect(after.get(name)).toEqual(before.get(name))
    for (const name of ['conv3.weight', 'embedding.weight'])
      expect(after.get(name)).not.toEqual(before.get(name))
    const { optimiser } = await readCheckpoint(path.join(work, 'last.safetensors'))
    expect([...optimiser.keys()].filter((name) => name.includes('conv1'))).toEqual([])
  })

  it('refuses more blocks than the backbone has before it reads a picture', async () => {
    const phases: string[] = []
    const settings = shapeSettings(data, { train: 'last-4-blocks' })
    const going = run(settings, { onProgress: ({ phase }) => phases.push(phase) })
    await expect(going).rejects.toMatchObject({ code: 'INVALID_SETTING' })
    expect(phases).toEqual([])
  })
})
