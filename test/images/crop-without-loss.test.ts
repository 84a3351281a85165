import { describe, expect, it } from 'vitest'
import type { CropBox } from '../../src/images/crop-box.js'
import { cropWithoutLoss } from '../../src/images/crop-without-loss.js'
import { detectKind } from '../../src/images/detect-kind.js'
import { defaultImageLimits as limits } from '../../src/images/limits.js'
import { preparePixels } from '../../src/images/prepare-input.js'
import { difference, encode, kinds, open, scene, solid, transform, turnedAway } from './pictures.js'

/** Bytes, more than any of these has. */
const most = 2 ** 20
const crop: CropBox = { x0: 0.1, y0: 0.2, x1: 0.6, y1: 0.9 }
const inPixels: CropBox = { x0: 30, y0: 10.4, x1: 500, y1: 37, unit: 'pixel' }
const upright = scene(211, 143)

/** What differs between a part cut out beforehand and the same part of the whole picture, on the way to a network. */
async function lost(bytes: Uint8Array, box: CropBox) {
  const cut = await cropWithoutLoss(bytes, box, limits, most)
  expect(detectKind(cut)).toEqual({ kind: 'png' })
  return difference(await preparePixels(cut, transform), await preparePixels(bytes, transform, { crop: box }))
}

describe('a part that is cut out of a picture', () => {
  it.each(kinds)('of the kind %s gives a network what the crop gives it', async (kind) => {
    const bytes = await encode(open(upright), kind)
    for (const box of [crop, inPixels]) expect((await lost(bytes, box)).max).toBe(0)
  })

  it('is that of the upright picture, whichever way it was stored', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const stored = open(turnedAway(upright, orientation)).withMetadata({ orientation })
      const bytes = await encode(stored, 'jpeg')
      for (const box of [crop, inPixels]) {
        expect((await lost(bytes, box)).max, `orientation ${orientation}`).toBe(0)
      }
    }
  })

  it('gives the same of pictures with a profile, without colours, with alpha, of 16 bits and of inks', async () => {
    const picture = open(upright)
    const odd = {
      profile: await picture.clone().withIccProfile('p3').jpeg().toBuffer(),
      grey: await picture.clone().toColourspace('b-w').jpeg().toBuffer(),
      alpha: await solid([200, 40, 90, 128], 120, 80).png().toBuffer(),
      'sixteen bits': await picture.clone().toColourspace('rgb16').png().toBuffer(),
      inks: await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    }
    for (const [name, bytes] of Object.entries(odd)) expect((await lost(bytes, crop)).max, name).toBe(0)
  })

  it('is the file itself where the box is the whole picture, so that it is decoded as without a box', async () => {
    const bytes = await encode(open(upright), 'jpeg')
    expect(await cropWithoutLoss(bytes, { x0: 0, y0: 0, x1: 1, y1: 1 }, limits, most)).toBe(bytes)
    expect(
      await cropWithoutLoss(bytes, { x0: 0, y0: 0, x1: 900, y1: 900, unit: 'pixel' }, limits, most),
    ).toBe(bytes)
  })

  it('is a WebP of the same pixels where the PNG would be too large, and refused where that is, too', async () => {
    const bytes = await encode(open(upright), 'jpeg')
    const png = await cropWithoutLoss(bytes, crop, limits, most)
    expect(await cropWithoutLoss(bytes, crop, limits, png.length)).toEqual(png)
    const webp = await cropWithoutLoss(bytes, crop, limits, png.length - 1)
    expect(detectKind(webp)).toEqual({ kind: 'webp' })
    expect(webp.length).toBeLessThan(png.length)
    expect(difference(await preparePixels(webp, transform), await preparePixels(png, transform)).max).toBe(0)
    await expect(cropWithoutLoss(bytes, crop, limits, webp.length - 1)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: `Its box, cut out without loss (106 x 101 pixels), has more than ${webp.length - 1} bytes`,
    })
  })

  it('is refused and not drawn as WebP where a side is longer than that format has', async () => {
    const bytes = await encode(solid([200, 40, 90], 20_000, 2), 'png')
    const strip = cropWithoutLoss(bytes, { x0: 0, y0: 0, x1: 1, y1: 0.5 }, limits, 10)
    await expect(strip).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' })
  })

  it('is refused where the box lies outside, and where the picture is none', async () => {
    const bytes = await encode(open(upright), 'png')
    const outside: CropBox = { x0: 211, y0: 0, x1: 220, y1: 10, unit: 'pixel' }
    await expect(cropWithoutLoss(bytes, outside, limits, most)).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
    })
    await expect(cropWithoutLoss(Buffer.from('none'), crop, limits, most)).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
    })
  })
})
