import { css, shifted, type Hsl } from './palette.js'

/** An SVG element without its style and brackets: `circle cx="0" cy="0" r="9"`. Made by the functions below. */
export type Shape = string

export const path = (d: string): Shape => `path d="${d}"`
export const circle = (x: number, y: number, radius: number): Shape =>
  `circle cx="${x}" cy="${y}" r="${radius}"`
export const ellipse = (x: number, y: number, rx: number, ry: number): Shape =>
  `ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"`
export const rect = (x: number, y: number, width: number, height: number, radius = 0): Shape =>
  `rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"`

export const materials = {
  ink: '#2e3340',
  metal: '#c3cad3',
  cream: '#f7f0e1',
  wood: '#b9834f',
  leaf: '#57a05a',
  glass: '#bfdfe8',
} as const

export interface PenColours {
  readonly base: Hsl
  readonly accent: Hsl
}

/**
 * Draws the parts of one product into a box of about -90..90 each way, y downwards. Its surfaces refer to the paints
 * `surface` (the product's colour and pattern) and `shade` (the light on it), which the scene defines.
 */
export class Pen {
  readonly base: string
  readonly dark: string
  readonly light: string
  readonly accent: string
  readonly #outline: string

  /** @param proportions three numbers in 0..1 that make one variety of a product differ from another */
  constructor(
    { base, accent }: PenColours,
    private readonly proportions: readonly [number, number, number],
  ) {
    this.base = css(base)
    this.dark = css(shifted(base, [0, 0, -17]))
    this.light = css(shifted(base, [0, -6, 16]))
    this.accent = css(accent)
    this.#outline = css(shifted(base, [0, -12, -32]))
  }

  /** A measure of this variety, between two bounds, in whole units. */
  vary(index: 0 | 1 | 2, low: number, high: number): number {
    return Math.round(low + this.proportions[index] * (high - low))
  }

  /** Whether this variety has an optional trait. */
  has(index: 0 | 1 | 2): boolean {
    return this.proportions[index] >= 0.5
  }

  /** A part that shows the product's pattern. */
  body(shape: Shape): string {
    return this.part(shape, 'url(#surface)')
  }

  /** A part of one colour. */
  part(shape: Shape, colour: string): string {
    return (
      `<${shape} fill="${colour}"/>` +
      `<${shape} fill="url(#shade)" stroke="${this.#outline}" stroke-width="2.4" stroke-linejoin="round"/>`
    )
  }

  /** A part without outline or shade: a print, a hole, a gleam. */
  flat(shape: Shape, colour: string, opacity = 1): string {
    return `<${shape} fill="${colour}" opacity="${opacity}"/>`
  }

  line(shape: Shape, colour: string, width: number): string {
    return `<${shape} fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
  }

  /** An outlined tube along a path: handles, straps, wires. */
  tube(shape: Shape, colour: string, width: number): string {
    return this.line(shape, this.#outline, width + 4.4) + this.line(shape, colour, width)
  }
}

/** A kind of product: its word in ids and metadata, and how it is drawn. */
export interface Template {
  readonly kind: string
  readonly draw: (pen: Pen) => string
}
