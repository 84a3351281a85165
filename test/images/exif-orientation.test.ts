import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { preparePixels } from '../../src/images/prepare-input.js'
import { resizeForCache, resizeRgb } from '../../src/images/resize.js'
import { difference, encode, open, scene, transform, turnedAway } from './pictures.js'

const orientations = [1, 2, 3, 4, 5, 6, 7, 8]
/** GIF has no place for EXIF. */
const carriers = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const

const stored = (upright: ReturnType<typeof scene>, orientation: number, kind: (typeof carriers)[number]) =>
  encode(open(turnedAway(upright, orientation)).withMetadata({ orientation }), kind)

describe('a picture gives the same network input in all eight EXIF orientations', () => {
  const upright = scene(61, 43)

  for (const kind of carriers) {
    const exact = kind !== 'jpeg'

    it(`${kind}: ${exact ? 'to the last bit' : 'within the loss of the codec'}`, async () => {
      const wanted = await resizeRgb(upright, transform)
      for (const orientation of orientations) {
        const bytes = await stored(upright, orientation, kind)
        const decoded = await decodeImage(bytes)
        expect([decoded.width, decoded.height]).toEqual([61, 43])
        const prepared = await preparePixels(bytes, transform)
        expect(difference(prepared, await resizeRgb(decoded, transform)).max).toBe(0)
        const { mean, max } = difference(prepared, wanted)
        expect(mean, `orientation ${orientation}`).toBeLessThanOrEqual(exact ? 0 : 0.6)
        expect(max, `orientation ${orientation}`).toBeLessThanOrEqual(exact ? 0 : 5)
      }
    })
  }

  it('also where the picture is enlarged, cropped or kept for training', async () => {
    const large = { ...transform, width: 80, height: 96 }
    const crop = { x0: 0.1, y0: 0.2, x1: 0.6, y1: 0.9 }
    const roads = [
      (bytes: Buffer) => preparePixels(bytes, large),
      (bytes: Buffer) => preparePixels(bytes, transform, { crop }),
      (bytes: Buffer) => resizeForCache(bytes, { shorterSide: 20, kernel: 'linear' }),
    ]
    for (const road of roads) {
      const wanted = await road(await stored(upright, 1, 'png'))
      for (const orientation of orientations) {
        expect(difference(await road(await stored(upright, orientation, 'png')), wanted).max).toBe(0)
      }
    }
  })

  it('also where a JPEG is shrunk while it is loaded', async () => {
    const photo = scene(403, 307)
    for (const orientation of orientations) {
      const bytes = await stored(photo, orientation, 'jpeg')
      for (const fit of ['squash', 'cover', 'contain'] as const) {
        const small = { ...transform, fit }
        const { mean, max } = difference(await preparePixels(bytes, small), await resizeRgb(photo, small))
        expect(mean, `${fit}, orientation ${orientation}`).toBeLessThan(1.5)
        expect(max, `${fit}, orientation ${orientation}`).toBeLessThan(45)
      }
    }
  })

  it('an orientation out of range is taken as upright', async () => {
    const jpeg = await stored(upright, 6, 'jpeg')
    const tag = jpeg.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00]))
    for (const wrong of [0, 9, 255]) {
      jpeg.writeUInt16LE(wrong, tag + 8)
      expect(difference(await decodeImage(jpeg), turnedAway(upright, 6)).mean).toBeLessThan(1)
    }
  })
})
