import { css } from './palette.js'

/** What lies behind and under the product: a studio, a wall with a table, planks, tiles or wallpaper, in quiet colours. */
export function background(random: () => number): string {
  const between = (low: number, high: number): number => low + random() * (high - low)
  const hue = between(0, 360)
  const tone = (lightness: number, saturation = 16): string => css([hue, saturation, lightness])
  const ground = between(74, 93)
  const all = (fill: string): string => `<rect width="224" height="224" fill="${fill}"/>`
  const scenes = [
    () => all(tone(ground)),
    () => {
      const edge = between(128, 168)
      return (
        all(tone(ground, 22)) +
        `<rect y="${edge.toFixed(0)}" width="224" height="${(224 - edge).toFixed(0)}" fill="${css([between(20, 40), 26, between(52, 74)])}"/>`
      )
    },
    () => {
      const wood = between(22, 36)
      const planks = Array.from({ length: 6 }, (_, n) => {
        const plank = css([wood, between(20, 34), between(58, 76)])
        return `<rect y="${n * 38}" width="224" height="37" fill="${plank}"/>`
      })
      const turned = random() < 0.5 ? ' transform="rotate(90 112 112)"' : ''
      return `<g${turned}>${all(css([wood, 26, 44]))}${planks.join('')}</g>`
    },
    () => {
      const size = between(38, 60)
      const lines = Array.from(
        { length: 7 },
        (_, n) => `M${(n * size).toFixed(0)},0 V224 M0,${(n * size).toFixed(0)} H224`,
      )
      return `${all(tone(ground))}<path d="${lines.join(' ')}" stroke="${tone(ground - 10)}" stroke-width="2.5" fill="none"/>`
    },
    () => {
      const step = between(30, 46)
      const marks = Array.from({ length: 64 }, (_, n) => {
        const x = (n % 8) * step + (Math.floor(n / 8) % 2) * (step / 2)
        return `<circle cx="${x.toFixed(0)}" cy="${(Math.floor(n / 8) * step).toFixed(0)}" r="3.5" fill="${tone(ground - 9)}"/>`
      })
      return all(tone(ground)) + marks.join('')
    },
  ]
  const scene = scenes[Math.floor(random() * scenes.length)]
  return scene?.() ?? ''
}
