import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { preparePixels } from '../../src/images/prepare-input.js'
import { adobeRgb, displayP3, greyProfile, matrixProfile, toSrgb } from './icc-profile.js'
import { encode, kinds, pixelAt, solid, tagPng, transform } from './pictures.js'

const orange = [200, 100, 50]

async function colourOf(bytes: Uint8Array): Promise<number[]> {
  const image = await decodeImage(bytes)
  expect(image.data.length).toBe(3 * image.width * image.height)
  return pixelAt(image, 8, 8)
}

function expectClose(found: number[], wanted: number[], tolerance: number) {
  for (const [i, value] of found.entries()) {
    expect(
      Math.abs(value - (wanted[i] ?? NaN)),
      `${found.join()} is not ${wanted.join()}`,
    ).toBeLessThanOrEqual(tolerance)
  }
}

describe('whatever a file holds becomes 8-bit sRGB', () => {
  it('a colour without a profile is taken as sRGB', async () => {
    for (const kind of kinds) {
      expectClose(await colourOf(await encode(solid(orange), kind)), orange, kind === 'jpeg' ? 1 : 0)
    }
  })

  it('grey gets three equal channels', async () => {
    for (const kind of ['jpeg', 'png', 'tiff', 'webp'] as const) {
      const bytes = await encode(solid([100]).toColourspace('b-w'), kind)
      expect(await colourOf(bytes)).toEqual([100, 100, 100])
    }
  })

  it('palettes and one-bit pictures', async () => {
    expect(await colourOf(await solid(orange).png({ palette: true }).toBuffer())).toEqual(orange)
    const bits = await solid([255]).toColourspace('b-w').tiff({ bitdepth: 1, compression: 'none' }).toBuffer()
    expect(await colourOf(bits)).toEqual([255, 255, 255])
    const inverted = await solid([100]).toColourspace('b-w').tiff({ miniswhite: true }).toBuffer()
    expect(await colourOf(inverted)).toEqual([100, 100, 100])
  })

  it('16-bit PNG and TIFF, colour and grey', async () => {
    for (const kind of ['png', 'tiff'] as const) {
      const colour = await encode(solid(orange).toColourspace('rgb16'), kind)
      expect((await sharp(colour).metadata()).depth).toBe('ushort')
      expect(await colourOf(colour)).toEqual(orange)
      const grey = await encode(solid([100]).toColourspace('grey16'), kind)
      expect((await sharp(grey).metadata()).depth).toBe('ushort')
      expect(await colourOf(grey)).toEqual([100, 100, 100])
    }
  })

  it('10-bit AVIF, floating-point and Lab TIFF', async () => {
    const deep = await solid(orange).avif({ quality: 100, bitdepth: 10, effort: 1 }).toBuffer()
    expectClose(await colourOf(deep), orange, 1)
    for (const space of ['scrgb', 'lab']) {
      const bytes = await solid(orange).toColourspace(space).tiff({ compression: 'none' }).toBuffer()
      expectClose(await colourOf(bytes), orange, 1)
    }
  })
})

describe('alpha is laid on white', () => {
  const halfOnWhite = orange.map((value) => Math.round((value * 128 + 255 * 127) / 255))

  it('half-transparent pixels blend, in 8 and 16 bits and in grey', async () => {
    for (const kind of ['png', 'webp', 'tiff', 'avif'] as const) {
      expectClose(await colourOf(await encode(solid([...orange, 128]), kind)), halfOnWhite, 1)
    }
    const deep = await solid([...orange, 128])
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expectClose(await colourOf(deep), halfOnWhite, 1)
    const grey = solid([100, 128]).toColourspace('b-w')
    expectClose(await colourOf(await grey.png().toBuffer()), [177, 177, 177], 1)
    const deepGrey = solid([100, 128]).toColourspace('grey16')
    expectClose(await colourOf(await deepGrey.png().toBuffer()), [177, 177, 177], 1)
  })

  it('a colour hidden under full transparency never shows, nor bleeds when resized', async () => {
    for (const kind of ['png', 'webp', 'gif', 'tiff'] as const) {
      expect(await colourOf(await encode(solid([255, 0, 0, 0]), kind))).toEqual([255, 255, 255])
    }
    const hidden = solid([255, 0, 0, 0], 40, 40).composite([
      { input: await solid([0, 0, 255, 255], 20, 40).png().toBuffer(), left: 0, top: 0 },
    ])
    const { data } = await preparePixels(await hidden.png().toBuffer(), transform)
    for (let i = 0; i < data.length; i += 3) {
      // Between blue and white red and green are alike; hidden red would raise red alone.
      expect(Math.abs((data[i] ?? 0) - (data[i + 1] ?? 0))).toBeLessThanOrEqual(1)
    }
  })

  it('a TIFF whose colours are already multiplied with alpha is not darkened twice', async () => {
    const bytes = await solid([100, 50, 25, 128]).tiff({ compression: 'none' }).toBuffer()
    const associated = patchTiffTag(bytes, 338, 1)
    expectClose(await colourOf(associated), halfOnWhite, 2)
  })
})

describe('profiles are applied', () => {
  const colours = [orange, [100, 150, 80], [60, 70, 160], [128, 128, 128], [255, 255, 255], [0, 0, 0]]

  it('Adobe RGB becomes sRGB by the book', async () => {
    const profile = matrixProfile(adobeRgb, 2.19921875)
    for (const colour of colours) {
      const bytes = tagPng(await solid(colour).png().toBuffer(), profile)
      expectClose(await colourOf(bytes), toSrgb(colour, adobeRgb, 2.19921875), 2)
    }
    expect(toSrgb([100, 150, 80], adobeRgb, 2.19921875)[0]).toBeLessThan(80)
  })

  it('Display P3 becomes sRGB in every kind that carries a profile', async () => {
    for (const kind of ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const) {
      const bytes = await encode(solid([255, 0, 0]).withIccProfile('p3'), kind)
      const [numbers] = await Promise.all([sharp(bytes, { ignoreIcc: true }).removeAlpha().raw().toBuffer()])
      expectClose([...numbers.subarray(0, 3)], [234, 51, 35], 3)
      expectClose(await colourOf(bytes), [255, 0, 0], 3)
    }
  })

  it('in 16 bits too, with and without alpha', async () => {
    const wanted = toSrgb(orange, displayP3, 2.19921875)
    const profile = matrixProfile(displayP3, 2.19921875)
    const colour = await solid(orange).toColourspace('rgb16').png().toBuffer()
    expectClose(await colourOf(tagPng(colour, profile)), wanted, 2)
    const opaque = await solid([...orange, 255])
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expectClose(await colourOf(tagPng(opaque, profile)), wanted, 2)
    const plain = await solid(orange).toColourspace('rgb16').withIccProfile('srgb').png().toBuffer()
    expectClose(await colourOf(plain), orange, 1)
  })

  it('a grey profile counts, in 8 and 16 bits', async () => {
    for (const space of ['b-w', 'grey16']) {
      const bytes = tagPng(await solid([100]).toColourspace(space).png().toBuffer(), greyProfile(1.5))
      const light = (100 / 255) ** 1.5
      const wanted = Math.round(255 * (1.055 * light ** (1 / 2.4) - 0.055))
      expectClose(await colourOf(bytes), [wanted, wanted, wanted], 2)
    }
  })

  it('a broken profile is passed over', async () => {
    const bytes = tagPng(await solid(orange).png().toBuffer(), Buffer.from('not a profile at all'))
    expect(await colourOf(bytes)).toEqual(orange)
  })
})

describe('CMYK', () => {
  const printable = [180, 100, 90]

  it('JPEG (as Adobe writes it, inverted) and TIFF, with and without a profile', async () => {
    for (const colour of [printable, [255, 255, 255], [70, 110, 150]]) {
      for (const kind of ['jpeg', 'tiff'] as const) {
        const bytes = await encode(solid(colour).toColourspace('cmyk'), kind)
        expect((await sharp(bytes).metadata()).space).toBe('cmyk')
        expectClose(await colourOf(bytes), colour, 20)
        const tagged = await encode(solid(colour).withIccProfile('cmyk'), kind)
        expect((await sharp(tagged).metadata()).hasProfile).toBe(true)
        expectClose(await colourOf(tagged), colour, 20)
      }
    }
  })

  it('a JPEG without the Adobe marker is read inverted as well, as browsers do', async () => {
    const bytes = await encode(solid(printable).toColourspace('cmyk'), 'jpeg')
    const marker = bytes.indexOf(Buffer.from([0xff, 0xee]))
    expect(bytes.toString('latin1', marker + 4, marker + 9)).toBe('Adobe')
    const end = marker + 2 + bytes.readUInt16BE(marker + 2)
    const without = Buffer.concat([bytes.subarray(0, marker), bytes.subarray(end)])
    expectClose(await colourOf(without), printable, 20)
  })
})

function patchTiffTag(tiff: Buffer, tag: number, value: number): Buffer {
  const bytes = Buffer.from(tiff)
  const directory = bytes.readUInt32LE(4)
  for (let i = 0; i < bytes.readUInt16LE(directory); i++) {
    const entry = directory + 2 + 12 * i
    if (bytes.readUInt16LE(entry) === tag) bytes.writeUInt16LE(value, entry + 8)
  }
  return bytes
}
