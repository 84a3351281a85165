import { css, palette, shifted, type Hsl } from './palette.js'
import { background } from './background.js'
import { surfaceFill } from './surface-fill.js'
import { Pen } from './pen.js'
import type { Product } from './products.js'

/**
 * One picture of a product, as SVG: its pose (rotation, size, place, skew), its shade of colour, the light and the
 * background are drawn from `random`; what makes it this product and no other is not.
 *
 * @returns an SVG of 224 units a side
 */
export function drawScene(product: Product, random: () => number): string {
  const between = (low: number, high: number): number => low + random() * (high - low)
  const nudge: Hsl = [between(-7, 7), between(-9, 7), between(-6, 6)]
  const base = shifted(palette[product.colour], nudge)
  const accent = shifted(palette[product.accent], nudge)
  const pen = new Pen({ base, accent }, product.proportions)
  const lightAngle = between(0, 2 * Math.PI)
  const height = between(0.8, 1.1)
  const width = height * between(0.92, 1.08)
  const pose = [
    `translate(${between(98, 126).toFixed(1)},${between(98, 126).toFixed(1)})`,
    `rotate(${between(-24, 24).toFixed(1)})`,
    `skewX(${between(-9, 9).toFixed(1)})`,
    `scale(${(random() < 0.25 ? -width : width).toFixed(3)},${height.toFixed(3)})`,
  ].join(' ')
  const shadow = { x: -7 * Math.cos(lightAngle), y: 5 - 4 * Math.sin(lightAngle) }

  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224"><defs>` +
    surfaceFill(product.pattern, base, accent) +
    shadeGradient(lightAngle, between(0.1, 0.32)) +
    glowGradient(lightAngle, between(0.1, 0.34)) +
    `<filter id="drop" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="${shadow.x.toFixed(1)}" dy="${shadow.y.toFixed(1)}" stdDeviation="${between(2.5, 6).toFixed(1)}" flood-opacity="${between(0.2, 0.5).toFixed(2)}"/></filter></defs>` +
    background(random) +
    `<g filter="url(#drop)"><g transform="${pose}">${product.template.draw(pen)}</g></g>` +
    `<rect width="224" height="224" fill="url(#glow)"/>` +
    exposure(between(-0.16, 0.16)) +
    `</svg>`
  )
}

/** Light from one side over every surface. */
function shadeGradient(angle: number, strength: number): string {
  const [x, y] = [Math.cos(angle) / 2, Math.sin(angle) / 2]
  return (
    `<linearGradient id="shade" x1="${(0.5 + x).toFixed(3)}" y1="${(0.5 + y).toFixed(3)}" x2="${(0.5 - x).toFixed(3)}" y2="${(0.5 - y).toFixed(3)}">` +
    `<stop offset="0" stop-color="#fff" stop-opacity="${strength.toFixed(2)}"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/>` +
    `<stop offset=".55" stop-color="#101430" stop-opacity="0"/><stop offset="1" stop-color="#101430" stop-opacity="${strength.toFixed(2)}"/></linearGradient>`
  )
}

/** Brighter on the side of the light, darker in the far corner. */
function glowGradient(angle: number, strength: number): string {
  const [x, y] = [0.5 + 0.4 * Math.cos(angle), 0.5 + 0.4 * Math.sin(angle)]
  return (
    `<radialGradient id="glow" cx="${x.toFixed(3)}" cy="${y.toFixed(3)}" r="1">` +
    `<stop offset="0" stop-color="#fff6dc" stop-opacity="${(strength * 0.6).toFixed(2)}"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/>` +
    `<stop offset="1" stop-color="#0c1024" stop-opacity="${strength.toFixed(2)}"/></radialGradient>`
  )
}

function exposure(amount: number): string {
  const fill = amount < 0 ? css([230, 30, 8]) : '#fff'
  return `<rect width="224" height="224" fill="${fill}" opacity="${Math.abs(amount).toFixed(2)}"/>`
}
