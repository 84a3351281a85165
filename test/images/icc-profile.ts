/** Builds a small matrix-and-gamma ICC profile (ICC.1:2001-04), enough to tag a picture with. */
export function matrixProfile(primaries: { red: Xyz; green: Xyz; blue: Xyz }, gamma: number): Buffer {
  const curve = Buffer.alloc(16)
  curve.write('curv', 0)
  curve.writeUInt32BE(1, 8)
  curve.writeUInt16BE(Math.round(gamma * 256), 12)
  return profile('RGB ', [
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', xyz(primaries.red)],
    ['gXYZ', xyz(primaries.green)],
    ['bXYZ', xyz(primaries.blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ])
}

/** Relative to the D50 white point. */
type Xyz = readonly [number, number, number]

/** Adobe RGB (1998), adapted to D50. */
export const adobeRgb = {
  red: [0.60974, 0.31111, 0.01947],
  green: [0.20528, 0.62567, 0.06087],
  blue: [0.14919, 0.06322, 0.74457],
} as const satisfies Record<string, Xyz>

/** Display P3, adapted to D50. */
export const displayP3 = {
  red: [0.51512, 0.2412, -0.00105],
  green: [0.29198, 0.69225, 0.04189],
  blue: [0.1571, 0.06657, 0.78407],
} as const satisfies Record<string, Xyz>

/** A grey profile with nothing but a gamma. */
export function greyProfile(gamma: number): Buffer {
  const curve = Buffer.alloc(16)
  curve.write('curv', 0)
  curve.writeUInt32BE(1, 8)
  curve.writeUInt16BE(Math.round(gamma * 256), 12)
  return profile('GRAY', [
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['kTRC', curve],
  ])
}

/** What the numbers of such a picture are in sRGB (IEC 61966-2-1), by the book. */
export function toSrgb(
  colour: readonly number[],
  primaries: { red: Xyz; green: Xyz; blue: Xyz },
  gamma: number,
): number[] {
  const [r = 0, g = 0, b = 0] = colour.map((value) => (value / 255) ** gamma)
  const [x, y, z] = [0, 1, 2].map(
    (i) => r * (primaries.red[i] ?? 0) + g * (primaries.green[i] ?? 0) + b * (primaries.blue[i] ?? 0),
  ) as [number, number, number]
  const linear = [
    3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * y + 0.033454 * z,
    0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
  ]
  return linear.map((value) => {
    const v = Math.min(1, Math.max(0, value))
    return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055))
  })
}

function profile(space: string, content: [string, Buffer][]): Buffer {
  const text = Buffer.from('text\0\0\0\0test\0\0\0\0', 'latin1')
  const description = Buffer.alloc(104)
  description.write('desc', 0)
  description.writeUInt32BE(5, 8)
  description.write('test', 12)
  const tags: [string, Buffer][] = [['desc', description], ['cprt', text], ...content]
  const tableEnd = 128 + 4 + 12 * tags.length
  const size = tableEnd + tags.reduce((sum, [, data]) => sum + data.length, 0)
  const out = Buffer.alloc(size)
  out.writeUInt32BE(size, 0)
  out.writeUInt32BE(0x02100000, 8)
  out.write(`mntr${space}XYZ `, 12)
  out.write('acsp', 36)
  xyz([0.9642, 1, 0.8249]).copy(out, 68, 8)
  out.writeUInt32BE(tags.length, 128)
  let at = tableEnd
  tags.forEach(([name, data], i) => {
    out.write(name, 132 + 12 * i)
    out.writeUInt32BE(at, 136 + 12 * i)
    out.writeUInt32BE(data.length, 140 + 12 * i)
    data.copy(out, at)
    at += data.length
  })
  return out
}

function xyz(values: Xyz): Buffer {
  const out = Buffer.alloc(20)
  out.write('XYZ ', 0)
  values.forEach((value, i) => out.writeInt32BE(Math.round(value * 65536), 8 + 4 * i))
  return out
}
