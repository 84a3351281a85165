/**
 * Compares strings by code point, the order of their UTF-8 bytes and so of SQLite's BINARY collation. JavaScript's own
 * order compares UTF-16 units and puts U+1F600 before U+FF01.
 *
 * @returns negative, zero or positive as `a` comes before, with or after `b`
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return lifted(left) - lifted(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above U+FFFF, so they go above every other unit. */
const lifted = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit
