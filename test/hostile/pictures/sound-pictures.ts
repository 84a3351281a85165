import sharp from 'sharp'
import { texture } from '../../images/pictures.js'

export interface Picture {
  /** What was done to it, for the report. */
  readonly what: string
  readonly bytes: Buffer
}

/** A picture in every format that is read, some kilobytes each, with details all over so that every byte counts. */
export async function soundPictures(): Promise<Picture[]> {
  const { width, height, data } = texture(48, 40)
  const drawn = () => sharp(data, { raw: { width, height, channels: 3 } })
  const made: readonly (readonly [string, Promise<Buffer>])[] = [
    ['jpeg', drawn().jpeg().toBuffer()],
    [
      'progressive jpeg',
      drawn()
        .jpeg({ progressive: true })
        .withExif({ IFD0: { Copyright: 'x' } })
        .toBuffer(),
    ],
    ['png', drawn().png().toBuffer()],
    ['interlaced png', drawn().png({ progressive: true }).toBuffer()],
    ['webp', drawn().webp().toBuffer()],
    ['gif', drawn().gif().toBuffer()],
    ['tiff', drawn().tiff({ compression: 'lzw' }).toBuffer()],
    ['avif', drawn().avif({ effort: 0 }).toBuffer()],
  ]
  return Promise.all(made.map(async ([what, bytes]) => ({ what, bytes: await bytes })))
}
