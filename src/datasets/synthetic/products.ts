import { expected } from '../../errors.js'
import { createRandom, sample, shuffle } from '../random.js'
import { palette, type ColourName } from './palette.js'
import type { Template } from './pen.js'
import * as devices from './templates/devices.js'
import * as home from './templates/home.js'
import * as kitchen from './templates/kitchen.js'
import * as play from './templates/play.js'
import * as wear from './templates/wear.js'

const patterns = ['plain', 'stripes', 'dots', 'check', 'zigzag'] as const
export type Pattern = (typeof patterns)[number]

/** One product of the catalogue: a class. */
export interface Product {
  /** `mug-red`: a kind has each colour once. */
  readonly id: string
  /** `Striped red mug`. */
  readonly title: string
  readonly template: Template
  readonly colour: ColourName
  readonly accent: ColourName
  readonly pattern: Pattern
  /** Where this variety lies between the extremes of its template, each 0..1. */
  readonly proportions: readonly [number, number, number]
}

const templates: readonly Template[] = [kitchen, home, wear, devices, play].flatMap((group) =>
  Object.values(group),
)
const colours = Object.keys(palette) as ColourName[]
const adjectives: Readonly<Record<Pattern, string>> = {
  plain: 'plain',
  stripes: 'striped',
  dots: 'dotted',
  check: 'checked',
  zigzag: 'zigzag',
}

/** As many products as the templates and colours give. */
export const mostProducts = templates.length * colours.length

/**
 * Products to draw: kinds in turn, so that few products are of many kinds and many of several varieties each, which
 * differ in colour, pattern and proportions.
 *
 * @throws KindredError INVALID_ARGUMENT
 */
export function chooseProducts(count: number, seed: number): Product[] {
  if (!Number.isInteger(count) || count < 1 || count > mostProducts) {
    throw expected(`a whole number from 1 to ${mostProducts}`, 'classes', count)
  }
  const random = createRandom(seed)
  const rounds = Math.ceil(count / templates.length)
  const byKind = shuffle(templates, random).map((template) => varieties(template, rounds, random))
  return Array.from({ length: rounds }, (_, round) => byKind.flatMap((kind) => kind[round] ?? []))
    .flat()
    .slice(0, count)
}

function varieties(template: Template, count: number, random: () => number): Product[] {
  const ownColours = sample(colours, count, random)
  const ownPatterns = shuffle(patterns, random)
  // Spread over the range, each proportion in an order of its own, so that no two varieties are close in all three.
  const steps = [0, 1, 2].map(() => shuffle([...Array(count).keys()], random))
  return ownColours.map((colour, n) => {
    const pattern = ownPatterns[n % ownPatterns.length] ?? 'plain'
    const proportion = (index: number): number => ((steps[index]?.[n] ?? 0) + 0.15 + 0.7 * random()) / count
    const [accent = colour] = sample(contrasting(colour), 1, random)
    const words = `${adjectives[pattern]} ${colour} ${template.kind.replace('toy-', 'toy ').replace('gift-', 'gift ')}`
    return {
      id: `${template.kind}-${colour}`,
      title: words.charAt(0).toUpperCase() + words.slice(1),
      template,
      colour,
      accent,
      pattern,
      proportions: [proportion(0), proportion(1), proportion(2)],
    }
  })
}

/** Colours that stand out beside another: far in hue or in lightness. */
function contrasting(colour: ColourName): ColourName[] {
  const [hue, , lightness] = palette[colour]
  return colours.filter((other) => {
    const [otherHue, , otherLightness] = palette[other]
    const turn = Math.abs(hue - otherHue)
    return other !== colour && (Math.min(turn, 360 - turn) > 60 || Math.abs(lightness - otherLightness) > 30)
  })
}
