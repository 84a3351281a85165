import { circle, ellipse, materials, path, rect, type Template } from '../pen.js'

export const chair: Template = {
  kind: 'chair',
  draw: (pen) => {
    const w = pen.vary(0, 32, 44)
    const back = pen.vary(1, -88, -66)
    const legs = pen.has(0) ? materials.wood : materials.metal
    const slats = [-0.5, 0, 0.5]
      .map((x) => pen.part(rect(x * w - 5, back + 14, 10, 68, 4), pen.base))
      .join('')
    const rest = pen.has(2)
      ? pen.tube(path(`M${-w + 6},16 V${back + 6} H${w - 6} V16`), legs, 7) + slats
      : pen.body(rect(-w + 3, back, 2 * w - 6, 14 - back, pen.vary(1, 10, 30)))
    return (
      pen.tube(path(`M${-w + 10},22 L${-w + 16},74`), legs, 6) +
      pen.tube(path(`M${w - 10},22 L${w - 16},74`), legs, 6) +
      rest +
      pen.tube(path(`M${-w - 4},26 L${-w - 8},90`), legs, 7) +
      pen.tube(path(`M${w + 4},26 L${w + 8},90`), legs, 7) +
      pen.body(
        path(
          `M${-w + 4},8 H${w - 4} L${w + 12},30 Q${w + 10},36 ${w},36 H${-w} Q${-w - 10},36 ${-w - 12},30 Z`,
        ),
      )
    )
  },
}

export const lamp: Template = {
  kind: 'lamp',
  draw: (pen) => {
    const top = pen.vary(0, 18, 36)
    const bottom = pen.vary(1, 44, 60)
    const edge = pen.vary(2, -18, 6)
    const foot = pen.vary(0, 34, 26)
    const stem = pen.has(1)
      ? pen.tube(path(`M0,${edge} V80`), materials.metal, 6)
      : pen.part(path(`M-8,${edge} C-10,30 -30,40 -22,78 H22 C30,40 10,30 8,${edge} Z`), pen.accent)
    return (
      stem +
      pen.part(path(`M${-foot},88 Q${-foot},76 0,74 Q${foot},76 ${foot},88 Z`), pen.dark) +
      pen.flat(ellipse(0, edge + 4, bottom - 8, 9), '#fff3b8') +
      pen.body(path(`M${-top},-84 H${top} L${bottom},${edge} Q0,${edge + 12} ${-bottom},${edge} Z`)) +
      pen.line(path(`M${-bottom + 3},${edge - 6} Q0,${edge + 5} ${bottom - 3},${edge - 6}`), pen.accent, 4)
    )
  },
}

export const clock: Template = {
  kind: 'clock',
  draw: (pen) => {
    const r = pen.vary(0, 52, 66)
    const frame = pen.has(1) ? rect(-r, -r, 2 * r, 2 * r, pen.vary(2, 12, 30)) : circle(0, 0, r)
    const ticks = Array.from({ length: 12 }, (_, n) => {
      const mark = rect(-2, -r + 17, 4, n % 3 === 0 ? 12 : 6, 2)
      return `<g transform="rotate(${30 * n})">${pen.flat(mark, materials.ink)}</g>`
    })
    const alarm =
      pen.part(circle(-32, -r + 2, 19), pen.accent) +
      pen.part(circle(32, -r + 2, 19), pen.accent) +
      pen.tube(path(`M-34,${r - 12} L-46,${r + 16} M34,${r - 12} L46,${r + 16}`), pen.dark, 7)
    return (
      (pen.has(2) ? alarm : '') +
      pen.body(frame) +
      pen.part(circle(0, 0, r - 11), materials.cream) +
      ticks.join('') +
      pen.line(path(`M0,0 L${pen.vary(1, -22, 20)},-20`), materials.ink, 6) +
      pen.line(path(`M0,0 L${pen.vary(0, 22, -10)},${-r + 28}`), materials.ink, 4) +
      pen.flat(circle(0, 0, 5), pen.accent)
    )
  },
}

export const plant: Template = {
  kind: 'plant',
  draw: (pen) => {
    const w = pen.vary(0, 30, 44)
    const leaves = pen.vary(1, 4, 8)
    const thin = pen.has(2)
    const leaf = thin
      ? 'M0,30 C-12,-10 -9,-50 0,-82 C9,-50 12,-10 0,30 Z'
      : 'M0,30 C-4,0 -30,-20 -24,-48 C-18,-66 -6,-72 0,-80 C6,-72 18,-66 24,-48 C30,-20 4,0 0,30 Z'
    const fan = Array.from({ length: leaves }, (_, n) => {
      const angle = ((n + 0.5) / leaves - 0.5) * (thin ? 130 : 170)
      const size = thin ? 1 - Math.abs(angle) / 400 : 0.72
      const green = n % 2 === 0 ? materials.leaf : '#3f8650'
      return (
        `<g transform="translate(0,18) rotate(${angle.toFixed(1)}) scale(${size.toFixed(2)}) translate(0,-24)">` +
        pen.part(path(leaf), green) +
        pen.line(path('M0,24 V-62'), 'rgba(255,255,255,.35)', 2) +
        `</g>`
      )
    })
    return (
      fan.join('') +
      pen.body(path(`M${-w},30 L${-w + pen.vary(0, 8, 14)},88 H${w - pen.vary(0, 8, 14)} L${w},30 Z`)) +
      pen.part(rect(-w - 5, 20, 2 * w + 10, 16, 5), pen.light)
    )
  },
}

export const cushion: Template = {
  kind: 'cushion',
  draw: (pen) => {
    const w = pen.vary(0, 62, 82)
    const h = pen.vary(1, 48, 66)
    const pinch = pen.vary(2, 6, 16)
    return (
      pen.body(
        path(
          `M${-w},${-h} Q0,${-h + pinch} ${w},${-h} Q${w - pinch},0 ${w},${h} Q0,${h - pinch} ${-w},${h} Q${-w + pinch},0 ${-w},${-h} Z`,
        ),
      ) +
      [-1, 1]
        .map((x) => [-1, 1].map((y) => pen.part(circle(x * w, y * h, 7), pen.accent)).join(''))
        .join('') +
      (pen.has(0) ? pen.part(circle(0, 0, 8), pen.accent) : '') +
      pen.line(path(`M${-w + 22},${-h + 24} Q${-w + 16},-6 ${-w + 22},18`), 'rgba(255,255,255,.4)', 5)
    )
  },
}

export const giftBox: Template = {
  kind: 'gift-box',
  draw: (pen) => {
    const w = pen.vary(0, 50, 68)
    const top = pen.vary(1, -36, -6)
    const ribbon = pen.vary(2, 14, 24)
    return (
      pen.body(rect(-w + 6, top + 20, 2 * w - 12, 64 - top, 3)) +
      pen.part(rect(-ribbon / 2, top + 20, ribbon, 64 - top), pen.accent) +
      pen.body(rect(-w, top, 2 * w, 26, 4)) +
      pen.part(rect(-ribbon / 2, top, ribbon, 26), pen.accent) +
      pen.part(
        path(
          `M0,${top} C-14,${top - 44} -56,${top - 44} -46,${top - 16} C-40,${top - 2} -16,${top} 0,${top} Z`,
        ),
        pen.accent,
      ) +
      pen.part(
        path(`M0,${top} C14,${top - 44} 56,${top - 44} 46,${top - 16} C40,${top - 2} 16,${top} 0,${top} Z`),
        pen.accent,
      ) +
      pen.part(circle(0, top - 3, 9), pen.accent)
    )
  },
}
