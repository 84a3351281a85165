import type { Draw } from '../draw.js'
import type { Picture } from './sound-pictures.js'

/** Cut off at every hundredth of its length. */
export const truncations = ({ what, bytes }: Picture): Picture[] =>
  Array.from({ length: 100 }, (_, percent) => ({
    what: `${what} cut at ${percent} %`,
    bytes: bytes.subarray(0, Math.floor((bytes.length * percent) / 100)),
  }))

/** Some bits of it flipped: anywhere, or in its head, where lengths and dimensions stand. */
export function flipBits(draw: Draw, { what, bytes }: Picture): Picture {
  const flipped = Buffer.from(bytes)
  const flips = 1 + draw.below(draw.pick([1, 4, 32, 256]))
  const end = draw.next() < 0.5 ? bytes.length : Math.min(bytes.length, 200)
  for (let done = 0; done < flips; done++) {
    const at = draw.below(end)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << draw.below(8))
  }
  return { what: `${what} with ${flips} bits flipped`, bytes: flipped }
}

/** The head of one format, the body of another. */
export function crossBreed(draw: Draw, pictures: readonly Picture[]): Picture {
  const [one, other] = [draw.pick(pictures), draw.pick(pictures)]
  const cut = 1 + draw.below(draw.pick([4, 32, 500]))
  return {
    what: `the first ${cut} bytes of ${one.what} before ${other.what}`,
    bytes: Buffer.concat([one.bytes.subarray(0, cut), other.bytes.subarray(draw.below(cut))]),
  }
}

/** A stretch of it taken out, doubled, or overwritten. */
export function scramble(draw: Draw, { what, bytes }: Picture): Picture {
  const at = draw.below(bytes.length)
  const length = 1 + draw.below(100)
  const [before, stretch, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + length),
    bytes.subarray(at + length),
  ]
  const [how, middle] = draw.pick<readonly [string, Buffer]>([
    ['without', Buffer.alloc(0)],
    ['with twice', Buffer.concat([stretch, stretch])],
    ['with noise for', draw.bytes(stretch.length)],
    ['with ones for', Buffer.alloc(stretch.length, 0xff)],
  ])
  return { what: `${what} ${how} ${stretch.length} bytes`, bytes: Buffer.concat([before, middle, after]) }
}
