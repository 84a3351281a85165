import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkCropBox, toPixelBox } from '../../src/images/crop-box.js'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const side = fc.integer({ min: 1, max: 100_000 })

describe('a crop box', () => {
  it('is refused unless 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1', () => {
    const wrong = [
      { x0: -0.1, y0: 0, x1: 1, y1: 1 },
      { x0: 0, y0: 0, x1: 1.1, y1: 1 },
      { x0: 0.5, y0: 0, x1: 0.5, y1: 1 },
      { x0: 0, y0: 0.9, x1: 1, y1: 0.1 },
      { x0: NaN, y0: 0, x1: 1, y1: 1 },
      { x0: 0, y0: 0, x1: Infinity, y1: 1 },
    ]
    for (const box of wrong) expect(() => checkCropBox(box)).toThrow(/^Expected x0,y0,x1,y1 with .* for crop/)
    expect(() => checkCropBox({ x0: 2, y0: 0, x1: 1, y1: 1 }, 'box of row 7')).toThrow('for box of row 7')
    const whole = { x0: 0, y0: 0, x1: 1, y1: 1 }
    expect(checkCropBox(whole)).toBe(whole)
  })

  it('becomes whole pixels: inside the picture, at least one, every one that it touches', () => {
    fc.assert(
      fc.property(share, share, share, share, side, side, (a, b, c, d, width, height) => {
        fc.pre(a !== b && c !== d)
        const box = { x0: Math.min(a, b), x1: Math.max(a, b), y0: Math.min(c, d), y1: Math.max(c, d) }
        const { left, top, width: w, height: h } = toPixelBox(checkCropBox(box), { width, height })
        for (const value of [left, top, w, h]) expect(Number.isInteger(value)).toBe(true)
        expect(left >= 0 && top >= 0 && w >= 1 && h >= 1 && left + w <= width && top + h <= height).toBe(true)
        expect(left).toBeLessThanOrEqual(box.x0 * width + 0.01)
        expect(left + w).toBeGreaterThanOrEqual(box.x1 * width - 0.01)
        expect(w).toBeLessThan((box.x1 - box.x0) * width + 2)
        expect(h).toBeLessThan((box.y1 - box.y0) * height + 2)
      }),
      { seed: 3 },
    )
  })

  it('made from whole pixels gives those pixels back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10_000 }), fc.nat(), fc.nat(), (width, a, b) => {
        const [x, y] = [a % width, b % width]
        fc.pre(x !== y)
        const [left, right] = [Math.min(x, y), Math.max(x, y)]
        const box = { x0: left / width, x1: right / width, y0: 0, y1: 1 }
        const pixels = toPixelBox(box, { width, height: 5 })
        expect(pixels).toEqual({ left, top: 0, width: right - left, height: 5 })
      }),
      { seed: 4 },
    )
  })

  it('in pixels keeps every pixel that it touches, and ends at the edge of the picture', () => {
    const picture = { width: 100, height: 50 }
    const inPixels = (x0: number, y0: number, x1: number, y1: number) =>
      toPixelBox(checkCropBox({ x0, y0, x1, y1, unit: 'pixel' }), picture)
    expect(inPixels(10, 20, 40, 30)).toEqual({ left: 10, top: 20, width: 30, height: 10 })
    expect(inPixels(10.4, 0, 40.4, 1)).toEqual({ left: 10, top: 0, width: 31, height: 1 })
    expect(inPixels(90, 40, 500, 51)).toEqual({ left: 90, top: 40, width: 10, height: 10 })
    expect(() => inPixels(100, 0, 120, 10)).toThrow(/100,0,120,10 lies outside the image of 100 x 50/)
    expect(() => inPixels(5, 0, 5, 10)).toThrow(/0 <= x0 < x1 and/)
    expect(() => inPixels(0, 0, Infinity, 10)).toThrow(/for crop/)
  })
})
