import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { applyAugmentation, drawAugmentation, type AugmentationSettings } from '../../src/images/augment.js'
import { colourMap } from '../../src/images/colour-map.js'
import { resizeRgb } from '../../src/images/resize.js'
import { difference, pixelAt, scene, transform } from './pictures.js'

const settings: AugmentationSettings = {
  minScale: 0.2,
  maxAspect: 4 / 3,
  flip: 0.5,
  brightness: 0.2,
  contrast: 0.2,
  saturation: 0.2,
  hue: 0.02,
}
const off: AugmentationSettings = {
  minScale: 1,
  maxAspect: 1,
  flip: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  hue: 0,
}
const unchanged = ({ width, height }: { width: number; height: number }) => ({
  crop: { left: 0, top: 0, width, height },
  flip: false,
  colour: null,
})
const same = { brightness: 1, contrast: 1, saturation: 1, hue: 0 }

describe('drawing an augmentation', () => {
  it('is decided by the random numbers alone', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 20 }, () => drawAugmentation(random, { width: 90, height: 70 }, settings))
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('keeps crops inside the picture, in the ranges of area and aspect ratio', () => {
    const side = fc.integer({ min: 1, max: 500 })
    fc.assert(
      fc.property(side, side, fc.nat(), (width, height, seed) => {
        const { crop } = drawAugmentation(createRandom(seed), { width, height }, settings)
        for (const value of Object.values(crop)) expect(Number.isInteger(value)).toBe(true)
        expect(crop.left >= 0 && crop.top >= 0 && crop.width >= 1 && crop.height >= 1).toBe(true)
        expect(crop.left + crop.width <= width && crop.top + crop.height <= height).toBe(true)
        fc.pre(Math.max(width, height) <= 1.3 * Math.min(width, height) && Math.min(width, height) >= 40)
        // Rounding to whole pixels moves each side by at most half a one.
        const [w, h] = [crop.width, crop.height]
        expect((w + 0.5) * (h + 0.5)).toBeGreaterThanOrEqual(0.2 * width * height)
        expect((w - 0.5) / (h + 0.5)).toBeLessThanOrEqual(4 / 3)
        expect((w + 0.5) / (h - 0.5)).toBeGreaterThanOrEqual(3 / 4)
      }),
      { seed: 7 },
    )
  })

  it('covers those ranges, and flips as often as asked', () => {
    const random = createRandom(8)
    const drawn = Array.from({ length: 4000 }, () =>
      drawAugmentation(random, { width: 200, height: 200 }, settings),
    )
    const areas = drawn.map(({ crop }) => (crop.width * crop.height) / 40_000)
    expect(Math.min(...areas)).toBeLessThan(0.22)
    expect(Math.max(...areas)).toBeGreaterThan(0.97)
    const aspects = drawn.map(({ crop }) => crop.width / crop.height)
    expect(Math.min(...aspects)).toBeLessThan(0.77)
    expect(Math.max(...aspects)).toBeGreaterThan(1.3)
    expect(drawn.filter(({ crop }) => crop.left === 0).length).toBeLessThan(800)
    const flips = drawn.filter(({ flip }) => flip).length
    expect(Math.abs(flips - 2000)).toBeLessThan(150)
    expect(drawAugmentation(random, { width: 9, height: 9 }, { ...settings, flip: 0 }).flip).toBe(false)
    expect(drawAugmentation(random, { width: 9, height: 9 }, { ...settings, flip: 1 }).flip).toBe(true)
  })

  it('takes the middle of a picture that no allowed crop fits', () => {
    const { crop } = drawAugmentation(
      createRandom(9),
      { width: 300, height: 10 },
      { ...settings, minScale: 1 },
    )
    expect(crop).toEqual({ left: 143, top: 0, width: 13, height: 10 })
  })

  it('with everything off changes nothing in a square picture', () => {
    const image = { width: 60, height: 60 }
    expect(drawAugmentation(createRandom(10), image, off)).toEqual(unchanged(image))
  })
})

describe('applying an augmentation', () => {
  const image = scene(90, 70)
  const whole = unchanged(image)

  it('that changes nothing is the resize of evaluation, to the last bit', async () => {
    for (const kernel of ['linear', 'cubic', 'lanczos3'] as const) {
      const size = { ...transform, kernel }
      expect(difference(await applyAugmentation(image, whole, size), await resizeRgb(image, size)).max).toBe(
        0,
      )
    }
  })

  it('crops before it resizes, and mirrors left and right', async () => {
    const crop = { left: 20, top: 30, width: 32, height: 32 }
    const cut = await applyAugmentation(image, { ...whole, crop }, transform)
    const mirrored = await applyAugmentation(image, { ...whole, crop, flip: true }, transform)
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        expect(pixelAt(cut, x, y)).toEqual(pixelAt(image, 20 + x, 30 + y))
        expect(pixelAt(mirrored, 31 - x, y)).toEqual(pixelAt(cut, x, y))
      }
    }
  })

  it('maps every colour by the matrix, rounds, and clips to 0..255', async () => {
    const still = await resizeRgb(image, transform)
    const random = createRandom(11)
    for (let round = 0; round < 5; round++) {
      const { colour } = drawAugmentation(random, image, {
        ...settings,
        brightness: 0.6,
        contrast: 0.6,
        hue: 0.3,
      })
      if (colour === null) throw new Error('no colour drawn')
      const changed = await applyAugmentation(image, { ...whole, colour }, transform)
      const wanted = still.data.map((_, i) => {
        const row = colour.matrix[(i % 3) as 0 | 1 | 2]
        const [r = 0, g = 0, b = 0] = pixelAt(still, Math.floor(i / 3) % 32, Math.floor(i / 96))
        return Math.min(
          255,
          Math.max(0, Math.floor(row[0] * r + row[1] * g + row[2] * b + colour.offset + 0.5)),
        )
      })
      expect(difference(changed, { ...still, data: wanted }).max).toBeLessThanOrEqual(1)
      expect(difference(changed, { ...still, data: wanted }).mean).toBeLessThan(0.01)
    }
  })
})

describe('a map of colour', () => {
  const apply = (change: Partial<typeof same>, colour: readonly [number, number, number]) => {
    const { matrix, offset } = colourMap({ ...same, ...change })
    return matrix.map((row) => row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2] + offset)
  }
  const closeTo = (found: number[], wanted: number[]) => {
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i] ?? NaN, 6)
  }
  const orange = [200, 100, 50] as const

  it('of factors 1 and no hue changes nothing', () => {
    closeTo(apply({}, orange), [200, 100, 50])
  })

  it('brightness multiplies, contrast turns around mid-grey', () => {
    closeTo(apply({ brightness: 1.2 }, orange), [240, 120, 60])
    closeTo(apply({ contrast: 0.5 }, orange), [163.75, 113.75, 88.75])
    closeTo(apply({ contrast: 1.4 }, [127.5, 127.5, 127.5]), [127.5, 127.5, 127.5])
  })

  it('saturation 0 leaves the luminance, and grey stays grey under saturation and hue', () => {
    const luminance = 0.213 * 200 + 0.715 * 100 + 0.072 * 50
    closeTo(apply({ saturation: 0 }, orange), [luminance, luminance, luminance])
    closeTo(apply({ saturation: 1.7, hue: 0.3 }, [90, 90, 90]), [90, 90, 90])
  })

  it('a full turn of hue comes back; a third of a turn moves red towards green', () => {
    closeTo(apply({ hue: 1 }, orange), [200, 100, 50])
    const [r = 0, g = 0, b = 0] = apply({ hue: 1 / 3 }, [200, 50, 50])
    expect(g).toBeGreaterThan(r)
    expect(g).toBeGreaterThan(b)
  })
})
