import { css, shifted, type Hsl } from './palette.js'
import type { Pattern } from './products.js'

/** The paint `surface`: the product's colour under its pattern, printed lighter, or darker on light colours. */
export function surfaceFill(pattern: Pattern, base: Hsl, accent: Hsl): string {
  const ground = css(base)
  const print = css(shifted(base, [0, 0, base[2] > 68 ? -26 : 24]))
  const tile = (size: number, marks: string): string =>
    `<pattern id="surface" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
    `<rect width="${size}" height="${size}" fill="${ground}"/>${marks}</pattern>`
  switch (pattern) {
    case 'plain':
      return tile(20, '')
    case 'stripes':
      return tile(
        22,
        `<rect width="22" height="9" fill="${print}"/><rect y="9" width="22" height="2.5" fill="${css(accent)}"/>`,
      )
    case 'dots':
      return tile(
        24,
        `<circle cx="6" cy="6" r="4.6" fill="${print}"/><circle cx="18" cy="18" r="4.6" fill="${print}"/>`,
      )
    case 'check':
      return tile(
        26,
        `<rect width="13" height="26" fill="${print}" opacity=".55"/><rect width="26" height="13" fill="${print}" opacity=".55"/>`,
      )
    case 'zigzag':
      return tile(24, `<path d="M-2,14 L6,6 L18,18 L26,10" fill="none" stroke="${print}" stroke-width="5"/>`)
  }
}
