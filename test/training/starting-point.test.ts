import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBackbone } from '../../src/networks/backbone-registry.js'
import { publishedNames } from '../../src/networks/published/names.js'
import { writeSafetensors } from '../../src/networks/safetensors.js'
import { sizeOf, type NamedTensor, type TensorMap } from '../../src/networks/tensor-map.js'
import { findStartingPoint } from '../../src/training/starting-point.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { serveFiles, stopServing } from './init/file-server.js'

let folder: string
let published: string
let file: Uint8Array
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-start-'))
  published = path.join(folder, 'mobilenetv2_035.safetensors')
  file = writeSafetensors(publishedTensors(), { format: 'pt' })
  await writeFile(published, file)
})
afterEach(() => {
  vi.unstubAllEnvs()
})
afterAll(() => rm(folder, { recursive: true }))

/** All that timm's file of the smallest MobileNetV2 holds; each value is one. */
function publishedTensors(): TensorMap {
  const tensors = new Map<string, NamedTensor>()
  const add = (name: string, shape: number[]): void => {
    tensors.set(name, { shape, data: new Float32Array(sizeOf(shape)).fill(1) })
  }
  for (const layer of findBackbone('mobilenet-v2-0.35').build().layers) {
    const names = publishedNames('mobilenet-v2', layer.name)
    if (layer.kind !== 'conv' || names === undefined) continue
    const { outChannels, inChannels, kernel, depthwise } = layer
    add(`${names.conv}.weight`, [outChannels, depthwise ? 1 : inChannels, kernel, kernel])
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
      add(`${names.norm}.${part}`, [outChannels])
    }
  }
  add('classifier.weight', [3, 1280])
  return tensors
}

const settings = {
  init: 'random',
  initMaxBytes: 10_000_000,
  initTimeout: 30,
  backbone: null,
  pooling: 'gap',
  dimensions: 16,
  input: { size: null, fit: null, kernel: null },
} as const

describe('the starting point', () => {
  it('of published weights is the network they were trained as, with their normalisation', async () => {
    const start = await findStartingPoint({ ...settings, init: published })
    expect(start).toMatchObject({
      architecture: { backbone: 'mobilenet-v2-0.35-torch', pooling: 'gap', head: 16 },
      transform: { width: 160, kernel: 'cubic', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      name: 'mobilenetv2_035.safetensors',
    })
    expect(start.weights?.get('stem.weight')?.shape).toEqual([16, 3, 3, 3])
    // 1 / sqrt(1 + 1e-5), and 1 - that.
    expect(start.weights?.get('stem.weight')?.data[0]).toBeCloseTo(0.999995, 7)
    expect(start.weights?.get('head.bias')?.data[0]).toBeCloseTo(5e-6, 7)
  })

  it('of published weights is refused where another backbone is asked for', async () => {
    const asked = findStartingPoint({ ...settings, init: published, backbone: 'resnet-50' })
    await expect(asked).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' })
  })

  it('comes from an address, with a checksum, limits and progress, and is kept', async () => {
    const cache = path.join(folder, 'cache')
    vi.stubEnv('KINDRED_CACHE', cache)
    let requests = 0
    const { server, url } = await serveFiles((request, response) => {
      requests++
      response.end(request.url === '/page.safetensors' ? 'please log in' : file)
    })
    const init = `${url}/mobilenetv2_035.safetensors?download=true`
    const told: number[] = []
    const onProgress = (received: number): void => {
      told.push(received)
    }
    try {
      const small = findStartingPoint({ ...settings, init, initMaxBytes: 1000 })
      await expect(small).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
      const wrong = findStartingPoint({ ...settings, init: `${init}#sha256=${'a'.repeat(64)}` })
      await expect(wrong).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
      const page = findStartingPoint({ ...settings, init: `${url}/page.safetensors` })
      await expect(page).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' })
      expect(await readdir(path.join(cache, 'weights'))).toEqual([])

      const start = await findStartingPoint({ ...settings, init }, { onProgress })
      expect(start).toMatchObject({
        name: 'mobilenetv2_035.safetensors',
        architecture: { backbone: 'mobilenet-v2-0.35-torch' },
      })
      expect(told.at(-1)).toBe(file.byteLength)
      await findStartingPoint({ ...settings, init })
      expect(requests).toBe(4)
    } finally {
      await stopServing(server)
    }
  })

  it('may be a bundle by its name, and never an imported one', async () => {
    expect((await findStartingPoint({ ...settings, init: 'imagenet' })).name).toMatch(/^imagenet@/)
    const imported = path.join(folder, 'imported')
    await mkdir(imported)
    await writeTinyBundle(imported)
    await expect(findStartingPoint({ ...settings, init: imported })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringContaining('was imported from an ONNX file') as string,
    })
    const nowhere = findStartingPoint({ ...settings, init: 'nowhere-to-be-found' })
    await expect(nowhere).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })

  it('has a size that the strides of its backbone divide', async () => {
    const sized = (backbone: string, size: number): Promise<unknown> =>
      findStartingPoint({ ...settings, backbone, input: { ...settings.input, size } })
    await expect(sized('mobilenet-v2-0.5', 96)).resolves.toMatchObject({ transform: { width: 96 } })
    await expect(sized('small-convnet', 50)).resolves.toMatchObject({ transform: { width: 50 } })
    for (const backbone of ['mobilenet-v2-0.5', 'resnet-50']) {
      await expect(sized(backbone, 100)).rejects.toMatchObject({
        code: 'INVALID_SETTING',
        message: expect.stringContaining('a multiple of 32') as string,
      })
    }
  })
})
