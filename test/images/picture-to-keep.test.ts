import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { defaultImageLimits } from '../../src/images/limits.js'
import { pictureToKeep, type Keep } from '../../src/images/picture-to-keep.js'
import { makeThumbnail } from '../../src/images/thumbnail.js'

const plain = (width: number, height: number, background = '#3366cc') =>
  sharp({ create: { width, height, channels: 3, background } })

const keep = (bytes: Uint8Array, how: Keep, thumbnailSide = 320) =>
  pictureToKeep(bytes, { keep: how, thumbnailSide }, { limits: defaultImageLimits })

describe('what is kept of a picture', () => {
  it('is a JPEG whose shorter side has the asked length, and that keeps the aspect ratio', async () => {
    const kept = await keep(await plain(1200, 800).png().toBuffer(), 'thumbnail')
    expect(kept).toMatchObject({ kind: 'thumbnail', mediaType: 'image/jpeg' })
    expect(await sharp(kept?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 320 })
  })

  it('stands upright, and tells nothing of where and by whom it was taken', async () => {
    const turned = await plain(800, 400)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const kept = await keep(turned, 'thumbnail')
    const found = await sharp(kept?.bytes).metadata()
    expect(found).toMatchObject({ width: 320, height: 640 })
    expect([found.exif, found.orientation, found.xmp, found.iptc]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is the file itself where that is no larger than a thumbnail', async () => {
    const small = await plain(320, 400).jpeg().toBuffer()
    expect(await keep(small, 'thumbnail')).toEqual({
      kind: 'original',
      mediaType: 'image/jpeg',
      bytes: small,
    })
    expect(await keep(small, 'thumbnail', 319)).toMatchObject({ kind: 'thumbnail' })
  })

  it.each([
    [
      'carries EXIF',
      () =>
        plain(64, 64)
          .jpeg()
          .withExif({ IFD0: { Copyright: 'somebody' } }),
    ],
    ['is of a kind that browsers do not show', () => plain(64, 64).tiff()],
  ])('is a thumbnail of a small file that %s', async (_, make) => {
    expect(await keep(await make().toBuffer(), 'thumbnail')).toMatchObject({
      kind: 'thumbnail',
      mediaType: 'image/jpeg',
    })
  })

  it('is a thumbnail of a small picture in a large file', async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 3 * 300 * 300 }, (_, i) => (i * 7919) % 251))
    const large = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    expect(large.length).toBeGreaterThan(64 * 1024)
    expect(await keep(large, 'thumbnail')).toMatchObject({ kind: 'thumbnail' })
  })

  it('is never enlarged, and no longer than a JPEG may be', async () => {
    const strip = await plain(20_000, 8).png().toBuffer()
    const thumbnail = await makeThumbnail(strip, 320, defaultImageLimits)
    const { width, height } = await sharp(thumbnail).metadata()
    expect([width <= 16 * 320, height <= 8]).toEqual([true, true])
  })

  it('is the very bytes where originals are kept', async () => {
    const bytes = await plain(900, 900).webp().toBuffer()
    expect(await keep(bytes, 'original')).toEqual({ kind: 'original', mediaType: 'image/webp', bytes })
  })

  it.each(['path', 'none'] as const)('is no bytes where %s is kept', async (how) => {
    expect(await keep(await plain(900, 900).jpeg().toBuffer(), how)).toBeNull()
  })
})
