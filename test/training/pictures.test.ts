import { readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LabelledImage } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'
import { prepareInput } from '../../src/images/prepare-input.js'
import { normalisePixels } from '../../src/images/normalise.js'
import { renderSvg } from '../../src/images/render-svg.js'
import type { InputTransform } from '../../src/images/input-transform.js'
import { createMemoryCache } from '../../src/training/cache/memory-cache.js'
import { forTraining, forValidation, loadPictures } from '../../src/training/pictures.js'
import { drawShapes } from './shapes.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const transform: InputTransform = {
  width: 32,
  height: 32,
  fit: 'cover',
  kernel: 'linear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nhwc',
}
const all = { cache: createMemoryCache(Infinity), unreadableShare: 0 }
const decode = forTraining({ shorterSide: 36, kernel: 'linear' })

describe('loadPictures', () => {
  it('keeps pictures up to the cap and decodes the others anew, to the same pixels', async () => {
    const { images } = await readSet(await drawShapes({ classes: 2, imagesPerClass: 3 }))
    const kept = await loadPictures(images, decode, all)
    expect(kept.bytes).toBe(6 * 36 * 36 * 3)
    const capped = await loadPictures(images, decode, {
      ...all,
      cache: createMemoryCache(2.5 * 36 * 36 * 3),
    })
    expect(capped.bytes).toBe(2 * 36 * 36 * 3)
    for (const index of images.keys()) {
      const picture = await kept.read(index)
      expect(await capped.read(index)).toEqual(picture)
      expect(await kept.read(index)).toBe(picture)
    }
  })

  it('lists unreadable pictures and leaves them out', async () => {
    const folder = await drawShapes({ classes: 2, imagesPerClass: 5 })
    const broken = path.join(folder, 'class-01', '2.png')
    await writeFile(broken, 'no picture')
    const { images } = await readSet(folder)
    const loaded = await loadPictures(images, decode, { ...all, unreadableShare: 0.1 })
    expect(loaded.images).toHaveLength(9)
    expect(loaded.unreadable).toEqual([{ path: broken, reason: expect.any(String) as string }])
    // What follows the gap still belongs to its own picture.
    const last = loaded.images.length - 1
    const file = loaded.images[last]
    expect(file && (await decode(file))).toEqual(await loaded.read(last))
  })

  it('fails when more than the set share is unreadable, and names some', async () => {
    const folder = await drawShapes({ classes: 2, imagesPerClass: 5 })
    await writeFile(path.join(folder, 'class-00', '0.png'), '')
    const { images } = await readSet(folder)
    await expect(loadPictures(images, decode, { ...all, unreadableShare: 0.09 })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('0.png') as string,
    })
  })

  it('lists pictures that a published set names and the disk has not, until they are too many', async () => {
    const folder = await drawShapes({ classes: 2, imagesPerClass: 5 })
    const row = (n: number): string => `${n} ${1 + (n % 2)} 1 class-0${n % 2}/${Math.floor(n / 2)}.png`
    const list = (from: number, to: number): string =>
      [
        'image_id class_id super_class_id path',
        ...Array.from({ length: to - from }, (_, n) => row(from + n)),
      ].join('\n')
    await writeFile(path.join(folder, 'Ebay_train.txt'), list(0, 9))
    await writeFile(path.join(folder, 'Ebay_test.txt'), list(9, 12))
    const { images } = await readSet(folder)
    expect(images).toHaveLength(12)
    const loaded = await loadPictures(images, decode, { ...all, unreadableShare: 2 / 12 })
    expect(loaded.images).toHaveLength(10)
    expect(loaded.unreadable.map((one) => path.relative(folder, one.path))).toEqual([
      'class-00/5.png',
      'class-01/5.png',
    ])
    expect(loaded.unreadable[0]?.reason).toMatch(/no such file/)
    await expect(loadPictures(images, decode, { ...all, unreadableShare: 1 / 12 })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('2 of 12 pictures cannot be read') as string,
    })
  })

  it('stops when it is aborted', async () => {
    const { images } = await readSet(await drawShapes({ classes: 2, imagesPerClass: 2 }))
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(loadPictures(images, decode, { ...all, signal })).rejects.toThrow('enough')
  })

  it('keeps only the labelled box', async () => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'half.png')
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="40" height="40" fill="#f00"/><rect x="40" width="40" height="40" fill="#00f"/></svg>'
    await writeFile(file, await renderSvg(svg, { width: 80, height: 40, format: 'png' }))
    const boxes = [
      { x0: 0.5, y0: 0, x1: 1, y1: 1 },
      { x0: 40, y0: 0, x1: 81.5, y1: 40, unit: 'pixel' },
    ] as const
    for (const box of boxes) {
      const image: LabelledImage = { path: file, label: 'blue', box }
      for (const road of [decode, forValidation(transform)]) {
        const { data } = await road(image)
        expect([...data.slice(0, 3)]).toEqual([0, 0, 255])
      }
      expect(await decode(image)).toMatchObject({ width: 36, height: 36 })
    }
    const beyond: LabelledImage = {
      path: file,
      label: 'x',
      box: { x0: 80, y0: 0, x1: 90, y1: 9, unit: 'pixel' },
    }
    const { unreadable } = await loadPictures([beyond], decode, { ...all, unreadableShare: 1 })
    expect(unreadable[0]?.reason).toMatch(/lies outside the image of 80 x 40/)
  })

  it('prepares validation as serving does, to the last bit', async () => {
    const folder = await drawShapes({ classes: 1, imagesPerClass: 1 })
    const [name = ''] = await readdir(path.join(folder, 'class-00'))
    const file = path.join(folder, 'class-00', name)
    const served = await prepareInput(await readFile(file), transform)
    const ours = normalisePixels(await forValidation(transform)({ path: file, label: 'x' }), transform)
    expect(ours).toEqual(served)
  })
})
