import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { defaultImageLimits } from '../../src/images/limits.js'
import { resizeForCache, resizeRgb } from '../../src/images/resize.js'
import { difference, encode, open, scene, transform } from './pictures.js'

describe('resizeForCache', () => {
  it('brings the shorter side down, keeps the aspect ratio and never enlarges', async () => {
    const side = fc.integer({ min: 1, max: 300 })
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 1, max: 200 }), async (width, height, shorterSide) => {
        const bytes = await open(scene(width, height)).png({ compressionLevel: 0 }).toBuffer()
        const image = await resizeForCache(bytes, { shorterSide, kernel: 'linear' })
        const scale = Math.min(1, shorterSide / Math.min(width, height))
        expect(Math.abs(image.width - width * scale)).toBeLessThanOrEqual(0.51)
        expect(Math.abs(image.height - height * scale)).toBeLessThanOrEqual(0.51)
        expect(image.data.length).toBe(3 * image.width * image.height)
      }),
      { seed: 6, numRuns: 60 },
    )
  })

  it('leaves a small picture as it is, to the last bit', async () => {
    const small = scene(50, 40)
    const image = await resizeForCache(await encode(open(small), 'png'), {
      shorterSide: 64,
      kernel: 'lanczos3',
    })
    expect(difference(image, small).max).toBe(0)
  })

  it('is what decoding and resizing give', async () => {
    const bytes = await encode(open(scene(300, 200)), 'png')
    const wanted = await resizeRgb(await decodeImage(bytes), {
      width: 96,
      height: 64,
      fit: 'squash',
      kernel: 'cubic',
    })
    expect(difference(await resizeForCache(bytes, { shorterSide: 64, kernel: 'cubic' }), wanted).max).toBe(0)
  })

  it('shrinks a large JPEG while loading it, at little cost in pixels', async () => {
    const photo = scene(1500, 1000)
    const image = await resizeForCache(await encode(open(photo), 'jpeg'), {
      shorterSide: 100,
      kernel: 'linear',
    })
    const wanted = await resizeRgb(photo, { width: 150, height: 100, fit: 'squash', kernel: 'linear' })
    expect(difference(image, wanted).mean).toBeLessThan(1)
  })

  it('keeps to the limits and refuses a side that is none', async () => {
    const bytes = await encode(open(scene(30, 20)), 'png')
    const size = { shorterSide: 10, kernel: 'linear' } as const
    await expect(
      resizeForCache(bytes, size, { ...defaultImageLimits, maxPixels: 599 }),
    ).rejects.toMatchObject({
      code: 'IMAGE_TOO_MANY_PIXELS',
    })
    for (const shorterSide of [0, -1, 1.5, NaN]) {
      await expect(resizeForCache(bytes, { ...size, shorterSide })).rejects.toThrow(
        'Expected a positive integer',
      )
    }
  })
})

describe('resizeRgb', () => {
  it('to the same size changes nothing', async () => {
    const image = scene(32, 32)
    for (const fit of ['squash', 'cover', 'contain'] as const) {
      expect(difference(await resizeRgb(image, { ...transform, fit }), image).max).toBe(0)
    }
  })

  it('averages what it shrinks: every pixel counts alike', async () => {
    const data = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (Math.floor(i / 3) % 2) * 200)
    const { data: shrunk } = await resizeRgb(
      { width: 64, height: 64, data },
      { ...transform, width: 8, height: 8 },
    )
    for (const value of shrunk) expect(Math.abs(value - 100)).toBeLessThanOrEqual(2)
  })

  it('refuses pixels that do not fill the image', async () => {
    const short = { width: 2, height: 2, data: new Uint8Array(11) }
    await expect(resizeRgb(short, transform)).rejects.toThrow('Expected 12 values for image.data')
  })
})
