import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { defaultImageLimits } from '../../src/images/limits.js'
import { normalisePixels } from '../../src/images/normalise.js'
import { prepareInput, preparePixels } from '../../src/images/prepare-input.js'
import { resizeRgb } from '../../src/images/resize.js'
import { difference, encode, kinds, open, pixelAt, sameBits, scene, solid, transform } from './pictures.js'

describe('prepareInput', () => {
  it('is decode, resize and normalise, to the last bit', async () => {
    for (const kind of kinds) {
      const bytes = await encode(open(scene(101, 67)), kind)
      for (const fit of ['squash', 'cover', 'contain'] as const) {
        for (const kernel of ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'] as const) {
          const wanted = await resizeRgb(await decodeImage(bytes), { ...transform, fit, kernel })
          const input = await prepareInput(bytes, { ...transform, fit, kernel })
          expect(sameBits(input, normalisePixels(wanted, transform)), `${kind} ${fit} ${kernel}`).toBe(true)
        }
      }
    }
  })

  it('gives the same bits whoever asks: side by side, from a slice of a buffer, with the whole as crop', async () => {
    const bytes = await encode(open(scene(640, 480)), 'jpeg')
    const wanted = await prepareInput(bytes, transform)
    const slice = new Uint8Array(bytes.length + 7).subarray(7)
    slice.set(bytes)
    const crop = { x0: 0, y0: 0, x1: 1, y1: 1 }
    const others = await Promise.all([
      ...Array.from({ length: 12 }, () => prepareInput(bytes, transform)),
      prepareInput(slice, transform),
      prepareInput(bytes, transform, { crop }),
      prepareInput(bytes, transform, { limits: { ...defaultImageLimits, allowSvg: true } }),
    ])
    for (const other of others) expect(sameBits(other, wanted)).toBe(true)
  })

  it('does not need its own memory to last: the bytes are not kept', async () => {
    const bytes = await encode(open(scene(64, 48)), 'png')
    const wanted = await prepareInput(bytes, transform)
    bytes.fill(0)
    expect(wanted.some((value) => value !== wanted[0])).toBe(true)
    await expect(prepareInput(bytes, transform)).rejects.toMatchObject({ code: 'IMAGE_UNSUPPORTED' })
  })

  it('shrinks a large JPEG while loading it, at little cost in pixels', async () => {
    const photo = scene(1600, 1200)
    const bytes = await encode(open(photo), 'jpeg')
    const { mean } = difference(await preparePixels(bytes, transform), await resizeRgb(photo, transform))
    expect(mean).toBeLessThan(1)
  })

  it('squash keeps everything, cover fills and cuts, contain pads with white', async () => {
    const bytes = await encode(
      open(scene(120, 40)).composite([
        { input: await solid([255, 0, 0], 20, 40).png().toBuffer(), left: 0, top: 0 },
      ]),
      'png',
    )
    const at = async (fit: 'squash' | 'cover' | 'contain', x: number, y: number) =>
      pixelAt(await preparePixels(bytes, { ...transform, fit }), x, y)
    expect(await at('squash', 0, 16)).toEqual([255, 0, 0])
    expect(await at('cover', 0, 16)).not.toEqual([255, 0, 0])
    expect(await at('contain', 0, 16)).toEqual([255, 0, 0])
    expect(await at('contain', 16, 0)).toEqual([255, 255, 255])
    expect(await at('contain', 16, 31)).toEqual([255, 255, 255])
  })
})

describe('crop', () => {
  const quarters = async () => {
    const square = (colour: number[]) => solid(colour, 30, 30).png().toBuffer()
    return solid([0, 0, 0], 60, 60)
      .composite([
        { input: await square([250, 0, 0]), left: 0, top: 0 },
        { input: await square([0, 250, 0]), left: 30, top: 0 },
        { input: await square([0, 0, 250]), left: 0, top: 30 },
        { input: await square([250, 250, 0]), left: 30, top: 30 },
      ])
      .png()
      .toBuffer()
  }

  it('takes the part and nothing of its surroundings', async () => {
    const bytes = await quarters()
    const parts = [
      [{ x0: 0, y0: 0, x1: 0.5, y1: 0.5 }, [250, 0, 0]],
      [{ x0: 0.5, y0: 0, x1: 1, y1: 0.5 }, [0, 250, 0]],
      [{ x0: 0, y0: 0.5, x1: 0.5, y1: 1 }, [0, 0, 250]],
      [{ x0: 0.5, y0: 0.5, x1: 1, y1: 1 }, [250, 250, 0]],
    ] as const
    for (const [crop, colour] of parts) {
      const image = await preparePixels(bytes, transform, { crop })
      for (let i = 0; i < image.data.length; i += 3)
        expect([...image.data.subarray(i, i + 3)]).toEqual(colour)
    }
  })

  it('is refused before the picture is looked at when it is no box', async () => {
    const crop = { x0: 0.5, y0: 0, x1: 0.5, y1: 1 }
    await expect(prepareInput(new Uint8Array(), transform, { crop })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

describe('pictures of unusual shape', () => {
  const shapes = [
    [1, 1],
    [1, 10_000],
    [10_000, 1],
    [2, 3],
    // Wider than WebP (16,383), JPEG (65,535) and a 16-bit number can say.
    [20_000, 10],
    [70_000, 2],
    [1, 100_000],
  ] as const

  it.each(shapes)('%i x %i', async (width, height) => {
    const bytes = await solid([200, 100, 50], width, height).png().toBuffer()
    for (const fit of ['squash', 'cover'] as const) {
      const image = await preparePixels(bytes, { ...transform, fit })
      expect([image.width, image.height]).toEqual([32, 32])
      expect(
        difference(image, { ...image, data: image.data.map((_, i) => [200, 100, 50][i % 3] ?? 0) }).max,
      ).toBe(0)
    }
    const contained = await preparePixels(bytes, { ...transform, fit: 'contain' })
    const middle = [15, 16].flatMap((x) => [15, 16].map((y) => pixelAt(contained, x, y).join()))
    expect(middle).toContain('200,100,50')
  })

  it('a hair that would have to be drawn out beyond all bounds is refused with its reason', async () => {
    const bytes = await solid([200, 100, 50], 1, 400_000).png().toBuffer()
    await preparePixels(bytes, transform)
    await expect(preparePixels(bytes, { ...transform, fit: 'cover' })).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
      message: 'The image is too long and thin (1 x 400000 pixels) to fill 32 x 32; crop it',
    })
    const crop = { x0: 0, y0: 0, x1: 1, y1: 0.5 }
    await preparePixels(bytes, { ...transform, fit: 'cover' }, { crop })
  })
})
