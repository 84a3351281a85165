import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { defaultImageLimits } from '../../src/images/limits.js'
import { pixelAt, solid } from './pictures.js'

const colours = [
  [250, 10, 20],
  [10, 250, 20],
  [10, 20, 250],
]

async function frames(count: number) {
  const one = (i: number) =>
    solid(colours[i % 3] ?? [], 40, 30)
      .png()
      .toBuffer()
  return sharp(await Promise.all(Array.from({ length: count }, (_, i) => one(i))), {
    join: { animated: true },
  })
}

const encoders = {
  GIF: async (count: number) => (await frames(count)).gif().toBuffer(),
  WebP: async (count: number) => (await frames(count)).webp({ lossless: true }).toBuffer(),
  TIFF: async (count: number) => (await frames(count)).tiff({ compression: 'lzw' }).toBuffer(),
}

describe.each(Object.entries(encoders))('%s of several frames or pages', (_, encode) => {
  it('gives the first', async () => {
    const bytes = await encode(3)
    expect((await sharp(bytes).metadata()).pages).toBe(3)
    const image = await decodeImage(bytes)
    expect([image.width, image.height]).toEqual([40, 30])
    expect(pixelAt(image, 20, 15)).toEqual(colours[0])
  })

  it('counts the pixels of the first alone', async () => {
    const bytes = await encode(3)
    await decodeImage(bytes, { ...defaultImageLimits, maxPixels: 40 * 30 })
    await expect(decodeImage(bytes, { ...defaultImageLimits, maxPixels: 40 * 30 - 1 })).rejects.toMatchObject(
      {
        code: 'IMAGE_TOO_MANY_PIXELS',
      },
    )
  })
})
