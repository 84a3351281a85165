import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KindredError } from '../../src/errors.js'
import { decodeImage } from '../../src/images/decode.js'
import { defaultImageLimits, imageLimitsFrom, type ImageLimits } from '../../src/images/limits.js'
import { preparePixels } from '../../src/images/prepare-input.js'
import { encode, kinds, open, resizePngHeader, scene, solid, tagPng, texture, transform } from './pictures.js'

const svg = (attributes: string, content = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`)
const withSvg: ImageLimits = { ...defaultImageLimits, allowSvg: true }

async function refusal(bytes: Uint8Array, limits?: ImageLimits): Promise<KindredError> {
  const outcome = await decodeImage(bytes, limits).catch((thrown: unknown) => thrown)
  if (outcome instanceof KindredError) return outcome
  throw new Error(`Not refused with a KindredError: ${String(outcome)}`)
}

const codeOf = (thrown: unknown): string => (thrown instanceof KindredError ? thrown.code : String(thrown))

describe('limits', () => {
  it('an empty file', async () => {
    expect(await refusal(new Uint8Array())).toMatchObject({ code: 'IMAGE_EMPTY' })
  })

  it('a file with too many bytes is refused before it is looked at', async () => {
    const error = await refusal(Buffer.alloc(1001), { ...defaultImageLimits, maxBytes: 1000 })
    expect(error).toMatchObject({ code: 'IMAGE_TOO_LARGE', status: 413 })
    expect(error.message).toContain('1001 bytes')
    expect(error.hint).toContain('maxImageBytes')
    const exact = await encode(solid([1, 2, 3]), 'png')
    await decodeImage(exact, { ...defaultImageLimits, maxBytes: exact.length })
  })

  it('a picture with one pixel too many', async () => {
    for (const kind of kinds) {
      const bytes = await encode(solid([1, 2, 3], 20, 10), kind)
      await decodeImage(bytes, { ...defaultImageLimits, maxPixels: 200 })
      const error = await refusal(bytes, { ...defaultImageLimits, maxPixels: 199 })
      expect(error).toMatchObject({ code: 'IMAGE_TOO_MANY_PIXELS', status: 413 })
      expect(error.message).toContain('20 x 10 = 200')
    }
  })

  it('a small file that claims 60000 x 60000 pixels is refused at once and without memory', async () => {
    const bomb = resizePngHeader(await encode(solid([1, 2, 3]), 'png'), 60_000, 60_000)
    await refusal(bomb)
    const [started, memory] = [performance.now(), process.memoryUsage().rss]
    expect(await refusal(bomb)).toMatchObject({ code: 'IMAGE_TOO_MANY_PIXELS' })
    expect(performance.now() - started).toBeLessThan(500)
    expect(process.memoryUsage().rss - memory).toBeLessThan(50e6)
  })

  it('a drawing counts the pixels it asks for', async () => {
    expect(await refusal(svg('width="100000" height="100000"'), withSvg)).toMatchObject({
      code: 'IMAGE_TOO_MANY_PIXELS',
    })
    expect(await refusal(svg('width="100000" height="2"'), withSvg)).toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
    })
  })

  it('a JPEG that asks for pass after pass over many pixels', async () => {
    const scans = Array.from({ length: 200 }, () => Buffer.from([0xff, 0xda, 0x00, 0x08, 1, 1, 0, 1, 63, 0]))
    const jpeg = await encode(solid([1, 2, 3], 100, 100), 'jpeg')
    const bytes = Buffer.concat([jpeg.subarray(0, -2), ...scans, jpeg.subarray(-2)])
    const error = await refusal(bytes, { ...defaultImageLimits, maxPixels: 100_000 })
    expect(error).toMatchObject({ code: 'IMAGE_TOO_MANY_PIXELS', status: 413 })
    expect(error.message).toContain('201 scans of 100 x 100')
    const progressive = await open(scene(100, 100))
      .jpeg({ progressive: true, optimiseScans: true })
      .toBuffer()
    await decodeImage(progressive, { ...defaultImageLimits, maxPixels: 10_000 })
  })

  it('come from the settings', () => {
    const settings = { maxImageBytes: 1, maxImagePixels: 2, allowSvg: true }
    expect(imageLimitsFrom(settings)).toEqual({
      maxBytes: 1,
      maxPixels: 2,
      allowSvg: true,
    })
  })
})

describe('kinds', () => {
  it('SVG is refused unless it is allowed', async () => {
    const drawing = svg('width="20" height="10"', '<rect width="20" height="10" fill="#c86432"/>')
    const error = await refusal(drawing)
    expect(error).toMatchObject({ code: 'IMAGE_UNSUPPORTED', status: 415 })
    expect(error.hint).toContain('allowSvg')
    const image = await decodeImage(drawing, withSvg)
    expect([image.width, image.height, ...image.data.subarray(0, 3)]).toEqual([20, 10, 200, 100, 50])
  })

  it('an SVG may not read files of the server', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kindred-svg-'))
    const secret = path.join(folder, 'secret.png')
    await writeFile(secret, await encode(solid([255, 0, 0]), 'png'))
    const image = `<image href="${pathToFileURL(secret).href}" width="8" height="8"/>`
    const decoded = await decodeImage(svg('width="8" height="8"', image), withSvg)
    expect(decoded.data.every((value) => value === 255)).toBe(true)
    const entity = `<!DOCTYPE svg [<!ENTITY x SYSTEM "${pathToFileURL(secret).href}">]>`
    const reading = Buffer.concat([Buffer.from(entity), svg('width="8" height="8"', '<text>&x;</text>')])
    expect(await refusal(reading, withSvg)).toMatchObject({ code: 'IMAGE_CORRUPT' })
    await rm(folder, { recursive: true })
  })

  it('HEIC is refused with its reason and what to do', async () => {
    const error = await refusal(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))
    expect(error.code).toBe('IMAGE_UNSUPPORTED')
    expect(error.message).toMatch(/HEIC.*HEVC.*patents.*send JPEG/)
    expect(error.hint).toContain('Most Compatible')
  })

  it('what is no picture is named', async () => {
    const page = await refusal(Buffer.from('<!doctype html><title>Not found</title>'))
    expect(page.message).toBe(
      'The file is an HTML page, which is not supported; send JPEG, PNG, WebP, GIF, TIFF or AVIF',
    )
    expect(page.hint).toContain('not of the page')
    expect((await refusal(Buffer.from('PK\x03\x04'))).message).toContain('zip')
    expect((await refusal(Buffer.from([9, 9, 9, 0]))).message).toContain('no known kind')
  })

  it('a signature alone does not make a picture', async () => {
    for (const kind of kinds) {
      const bytes = await encode(solid([1, 2, 3]), kind)
      const junk = Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(500, 0x55)])
      expect(['IMAGE_CORRUPT', 'IMAGE_UNSUPPORTED', 'IMAGE_TOO_MANY_PIXELS']).toContain(
        (await refusal(junk)).code,
      )
    }
  })

  it('more channels than colour and alpha need', async () => {
    const grey = await solid([9]).toColourspace('b-w').raw().toBuffer()
    const raw = { raw: { width: 16, height: 16, channels: 1 as const } }
    for (const extra of [2, 3]) {
      const many = solid([1, 2, 3]).joinChannel(Array<Buffer>(extra).fill(grey), raw)
      const error = await refusal(await many.tiff({ compression: 'none' }).toBuffer())
      expect(error.code, `${extra} more`).toBe('IMAGE_UNSUPPORTED')
    }
  })
})

describe('damage', () => {
  const codes = [
    'IMAGE_EMPTY',
    'IMAGE_TOO_MANY_PIXELS',
    'IMAGE_UNSUPPORTED',
    'IMAGE_CORRUPT',
    'IMAGE_TOO_SLOW',
  ]

  for (const kind of kinds) {
    it(`${kind}: cut at every twentieth of its length`, async () => {
      const bytes = await encode(open(texture(150, 110)), kind)
      await decodeImage(bytes)
      for (let twentieth = 1; twentieth < 20; twentieth++) {
        const error = await refusal(bytes.subarray(0, Math.floor((bytes.length * twentieth) / 20)))
        expect(error.code, `${twentieth * 5} %`).toBe('IMAGE_CORRUPT')
        expect(error.message).toMatch(/damaged or cut short \(.+\); export or upload it again/)
      }
      expect((await refusal(bytes.subarray(0, 1))).code).toMatch(/IMAGE_(CORRUPT|UNSUPPORTED)/)
    })

    it(`${kind}: flipped bits give a picture or a typed error, never anything else`, async () => {
      const bytes = await encode(open(texture(60, 40)), kind)
      const flips = fc.array(fc.nat(8 * bytes.length - 1), { minLength: 1, maxLength: 8 })
      // Headers are where a flip does most.
      const early = fc.array(fc.nat(8 * Math.min(200, bytes.length) - 1), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(fc.oneof(flips, early), async (bits) => {
          const broken = Buffer.from(bytes)
          for (const bit of bits) broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          const limits = { ...defaultImageLimits, maxPixels: 1_000_000 }
          const outcome = await preparePixels(broken, transform, { limits }).catch(codeOf)
          if (typeof outcome === 'string') expect(codes).toContain(outcome)
        }),
        { seed: 20, numRuns: 60 },
      )
    })
  }

  it('a progressive JPEG and an interlaced PNG that are cut', async () => {
    const files = [
      await open(texture(150, 110)).jpeg({ progressive: true }).toBuffer(),
      await open(texture(150, 110)).png({ progressive: true }).toBuffer(),
    ]
    for (const bytes of files) {
      for (const share of [0.3, 0.6, 0.95]) {
        const error = await refusal(bytes.subarray(0, Math.floor(bytes.length * share)))
        expect(error.code).toBe('IMAGE_CORRUPT')
      }
    }
  })

  it('what decoders only warn of is tolerated: bytes before a marker, after the end, a broken profile', async () => {
    const jpeg = await encode(solid([1, 2, 3]), 'jpeg')
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    await decodeImage(Buffer.concat([jpeg.subarray(0, scan), Buffer.of(1, 2, 3), jpeg.subarray(scan)]))
    await decodeImage(tagPng(await encode(solid([1, 2, 3]), 'png'), Buffer.from('broken')))
    for (const kind of kinds) {
      await decodeImage(Buffer.concat([await encode(solid([1, 2, 3]), kind), Buffer.alloc(100, 7)]))
    }
  })
})
