import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { detectKind } from '../../src/images/detect-kind.js'
import { renderSvg } from '../../src/images/render-svg.js'
import { pixelAt } from './pictures.js'

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">' +
  '<rect width="10" height="10" fill="#c86432"/></svg>'

describe('renderSvg', () => {
  it.each(['jpeg', 'png'] as const)('draws a %s of the size asked for, on white', async (format) => {
    const bytes = await renderSvg(svg, { width: 200, height: 100, format, quality: 95 })
    expect(detectKind(bytes)).toEqual({ kind: format })
    const image = await decodeImage(bytes)
    expect([image.width, image.height]).toEqual([200, 100])
    for (const [i, value] of pixelAt(image, 20, 50).entries()) {
      expect(Math.abs(value - ([200, 100, 50][i] ?? NaN))).toBeLessThanOrEqual(3)
    }
    expect(Math.min(...pixelAt(image, 180, 50))).toBeGreaterThan(252)
  })

  it('gives the same bytes each time', async () => {
    const options = { width: 64, height: 64, format: 'jpeg' } as const
    expect(Buffer.from(await renderSvg(svg, options)).equals(await renderSvg(svg, options))).toBe(true)
  })
})
