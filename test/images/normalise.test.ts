import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseInto, normalisePixels } from '../../src/images/normalise.js'
import type { InputTransform } from '../../src/images/input-transform.js'

const unit = fc.float({ min: 0, max: 1, noNaN: true })
const spread = fc.float({ min: Math.fround(0.01), max: 2, noNaN: true })
const transforms: fc.Arbitrary<InputTransform> = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
  fit: fc.constant('squash'),
  kernel: fc.constant('linear'),
  mean: fc.tuple(unit, unit, unit),
  std: fc.tuple(spread, spread, spread),
  layout: fc.constantFrom('nhwc', 'nchw'),
})

describe('normalisation', () => {
  it('is (pixel / 255 - mean) / std at the place the layout says', () => {
    fc.assert(
      fc.property(transforms, fc.nat(), (transform, seed) => {
        const { width, height, mean, std, layout } = transform
        const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (seed + i * 37) % 256)
        const out = normalisePixels({ width, height, data }, transform)
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            for (const c of [0, 1, 2] as const) {
              const from = 3 * (y * width + x) + c
              const to = layout === 'nhwc' ? from : c * width * height + y * width + x
              expect(out[to]).toBe(Math.fround(((data[from] ?? NaN) / 255 - mean[c]) / std[c]))
            }
          }
        }
      }),
      { seed: 5 },
    )
  })

  it('fills one slot of a batch and leaves the others alone', () => {
    const transform = { width: 2, height: 1, mean: [0, 0, 0], std: [1, 1, 1], layout: 'nchw' } as const
    const image = { width: 2, height: 1, data: Uint8Array.of(0, 51, 102, 153, 204, 255) }
    const batch = new Float32Array(18).fill(-1)
    normaliseInto(image, { ...transform, fit: 'squash', kernel: 'linear' }, batch, 6)
    expect([...batch.subarray(6, 12)]).toEqual([0, 0.6, 0.2, 0.8, 0.4, 1].map(Math.fround))
    expect([...batch.subarray(0, 6), ...batch.subarray(12)].every((value) => value === -1)).toBe(true)
  })

  it('refuses an image of another size and a slot that is too small', () => {
    const transform: InputTransform = {
      width: 2,
      height: 2,
      fit: 'squash',
      kernel: 'linear',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      layout: 'nhwc',
    }
    const image = { width: 2, height: 2, data: new Uint8Array(12) }
    expect(() => normalisePixels({ ...image, width: 4, height: 1 }, transform)).toThrow(
      'Expected an image of 2 x 2',
    )
    expect(() => normalisePixels({ ...image, data: new Uint8Array(11) }, transform)).toThrow(
      'Expected an image',
    )
    for (const offset of [-1, 1, 12]) {
      expect(() => {
        normaliseInto(image, transform, new Float32Array(12), offset)
      }).toThrow('Expected room for 12 values')
    }
  })
})
