import sharp from 'sharp'

/**
 * A small progressive JPEG that costs its decoder a lot: a grey square of even colour, whose 883 scans bring each
 * coefficient bit by bit and say of all blocks, in a few bytes, that there is nothing. The decoder visits every block
 * each time. The sequence of scans is a valid one, so nothing about the file is broken.
 *
 * @param side pixels, a multiple of 1024: a run that ends 16384 blocks is then all zeros (ITU-T T.81, G.1.2.2)
 */
export function slowJpeg(side: number): Buffer {
  const blocks = (side / 8) ** 2
  /** So many bits 0; the last byte is filled with ones. */
  const zeros = (bits: number): Buffer => {
    const bytes = Buffer.alloc(Math.ceil(bits / 8))
    bytes[bytes.length - 1] = (1 << (8 * bytes.length - bits)) - 1
    return bytes
  }
  const segment = (marker: number, ...payload: number[]): Buffer =>
    Buffer.from([0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 0xff, ...payload])
  /** A Huffman table with one symbol, whose code is the bit 0. */
  const table = (kind: number, symbol: number) =>
    segment(0xc4, kind, 1, ...Array.from({ length: 15 }, () => 0), symbol)
  const scan = (first: number, last: number, high: number, low: number) =>
    segment(0xda, 1, 1, 0, first, last, (high << 4) | low)
  // Category 0 for the difference of every DC value: its code alone.
  const dc = zeros(blocks)
  // The code of EOB14 and 14 bits, which say how many more than 16384 blocks.
  const ac = zeros(15 * (blocks / 16384))
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array.from({ length: 64 }, () => 1)),
    segment(0xc2, 8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0),
    table(0x00, 0),
    table(0x10, 0xe0),
    scan(0, 0, 0, 0),
    dc,
    ...Array.from({ length: 63 }, (_, i) => i + 1).flatMap((coefficient) =>
      Array.from({ length: 14 }, (_, i) => 13 - i).flatMap((low) => [
        scan(coefficient, coefficient, low === 13 ? 0 : low + 1, low),
        ac,
      ]),
    ),
    Buffer.from([0xff, 0xd9]),
  ])
}

/** 62 megapixels of one colour in 38 bytes. A WebP is decoded by one call that nothing interrupts. */
export const wideWebp = (): Promise<Buffer> => oneColour().webp({ lossless: true, effort: 0 }).toBuffer()

/** 62 megapixels of one colour in some kilobytes. */
export const wideGif = (): Promise<Buffer> => oneColour().gif({ effort: 1 }).toBuffer()

const oneColour = () => sharp({ create: { width: 7900, height: 7900, channels: 3, background: '#345678' } })
