/** Hue in degrees, saturation and lightness in percent. */
export type Hsl = readonly [hue: number, saturation: number, lightness: number]

/** Colours a product can have, by the word a shopper would use. */
export const palette = {
  red: [4, 72, 52],
  orange: [26, 88, 56],
  yellow: [46, 90, 60],
  green: [136, 42, 44],
  mint: [160, 46, 72],
  teal: [184, 60, 38],
  sky: [203, 74, 64],
  blue: [221, 66, 48],
  purple: [272, 44, 52],
  pink: [340, 72, 74],
  brown: [24, 44, 36],
  charcoal: [220, 12, 28],
  white: [40, 24, 92],
} as const satisfies Record<string, Hsl>

export type ColourName = keyof typeof palette

export const css = ([hue, saturation, lightness]: Hsl): string =>
  `hsl(${hue.toFixed(1)},${clamp(saturation).toFixed(1)}%,${clamp(lightness).toFixed(1)}%)`

export const shifted = ([hue, saturation, lightness]: Hsl, by: Hsl): Hsl => [
  (hue + by[0] + 360) % 360,
  clamp(saturation + by[1]),
  clamp(lightness + by[2]),
]

const clamp = (percent: number): number => Math.min(100, Math.max(0, percent))
