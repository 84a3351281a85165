import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { InputTransform } from '../../src/images/input-transform.js'
import type { RgbImage } from '../../src/images/rgb-image.js'

/** Pictures that the tests draw themselves. */

export const transform: InputTransform = {
  width: 32,
  height: 32,
  fit: 'squash',
  kernel: 'linear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  layout: 'nchw',
}

/** A picture without any symmetry: gradients, and a block in one corner. */
export function scene(width: number, height: number): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = x < width / 3 && y < height / 4
      const colour = [Math.round((255 * x) / width), Math.round((255 * y) / height), corner ? 230 : 40]
      data.set(colour, 3 * (y * width + x))
    }
  }
  return { width, height, data }
}

/** A picture that compresses badly, so that its file has a middle to damage. */
export function texture(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 25)
  return { width, height, data }
}

/** Every pixel the same; as many channels as values. */
export function solid(colour: readonly number[], width = 16, height = 16): Sharp {
  const data = Uint8Array.from(
    { length: colour.length * width * height },
    (_, i) => colour[i % colour.length] ?? 0,
  )
  return sharp(data, { raw: { width, height, channels: colour.length as 1 | 2 | 3 | 4 } })
}

export const open = ({ width, height, data }: RgbImage): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } })

export const kinds = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const
type Kind = (typeof kinds)[number]

/** Encodes without loss where the kind can, at best quality where it cannot. */
export async function encode(image: Sharp, kind: Kind): Promise<Buffer> {
  switch (kind) {
    case 'jpeg':
      return image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    case 'png':
      return image.png().toBuffer()
    case 'webp':
      return image.webp({ lossless: true }).toBuffer()
    case 'gif':
      return image.gif().toBuffer()
    case 'tiff':
      return image.tiff({ compression: 'lzw' }).toBuffer()
    case 'avif':
      return image.avif({ lossless: true, effort: 1 }).toBuffer()
  }
}

/** Stored pixels that, read with this EXIF orientation (1 to 8), give the upright picture back. */
export function turnedAway(upright: RgbImage, orientation: number): RgbImage {
  const { width: w, height: h } = upright
  const [width, height] = orientation > 4 ? [h, w] : [w, h]
  const source = (x: number, y: number): [number, number] => {
    switch (orientation) {
      case 2:
        return [w - 1 - x, y]
      case 3:
        return [w - 1 - x, h - 1 - y]
      case 4:
        return [x, h - 1 - y]
      case 5:
        return [y, x]
      case 6:
        return [w - 1 - y, x]
      case 7:
        return [w - 1 - y, h - 1 - x]
      case 8:
        return [y, h - 1 - x]
      default:
        return [x, y]
    }
  }
  const data = new Uint8Array(upright.data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = source(x, y)
      const from = 3 * (fromY * w + fromX)
      data.set(upright.data.subarray(from, from + 3), 3 * (y * width + x))
    }
  }
  return { width, height, data }
}

/** Mean and largest absolute difference, in levels of 255. */
export function difference(a: RgbImage, b: RgbImage): { mean: number; max: number } {
  if (a.width !== b.width || a.height !== b.height) return { mean: Infinity, max: Infinity }
  let [sum, max] = [0, 0]
  for (const [i, value] of a.data.entries()) {
    const apart = Math.abs(value - (b.data[i] ?? 0))
    sum += apart
    if (apart > max) max = apart
  }
  return { mean: sum / a.data.length, max }
}

/** Whether two arrays hold the same bits. */
export const sameBits = (a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength))

export const pixelAt = (image: RgbImage, x: number, y: number): number[] =>
  Array.from(image.data.subarray(3 * (y * image.width + x), 3 * (y * image.width + x) + 3))

const pngHeaderEnd = 33

/** A chunk of a PNG, with its checksum. */
export function pngChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + content.length)
  chunk.writeUInt32BE(content.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(content, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length)
  return chunk
}

/** The same PNG with an ICC profile; its numbers stay as they are. */
export function tagPng(png: Buffer, profile: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(profile)])
  return Buffer.concat([png.subarray(0, pngHeaderEnd), pngChunk('iCCP', content), png.subarray(pngHeaderEnd)])
}

/** The same PNG with other dimensions in its header. */
export function resizePngHeader(png: Buffer, width: number, height: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29))
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', header), png.subarray(pngHeaderEnd)])
}
