import { circle, ellipse, materials, path, rect, type Template } from '../pen.js'

export const headphones: Template = {
  kind: 'headphones',
  draw: (pen) => {
    const w = pen.vary(0, 54, 66)
    const cup = pen.vary(1, 30, 44)
    const wide = pen.vary(2, 15, 22)
    const ear = (side: 1 | -1): string =>
      pen.part(rect(side * (w - 14) - 9, 24 - cup, 18, 2 * cup, 9), materials.ink) +
      pen.body(
        pen.has(2)
          ? ellipse(side * (w + 4), 24, wide, cup)
          : rect(side * (w + 4) - wide, 24 - cup, 2 * wide, 2 * cup, 12),
      )
    return (
      pen.tube(path(`M${-w},20 C${-w - 6},-108 ${w + 6},-108 ${w},20`), pen.base, 10) +
      pen.line(path(`M${-w + 20},-44 C${-w / 2},-82 ${w / 2},-82 ${w - 20},-44`), pen.accent, 8) +
      ear(-1) +
      ear(1) +
      pen.part(circle(-w - 4, 24, 8), pen.accent) +
      pen.part(circle(w + 4, 24, 8), pen.accent)
    )
  },
}

export const camera: Template = {
  kind: 'camera',
  draw: (pen) => {
    const h = pen.vary(0, 42, 54)
    const r = pen.vary(1, 28, 38)
    const x = pen.vary(2, -12, 18)
    return (
      pen.part(
        path(`M${x - 28},${-h + 2} L${x - 18},${-h - 18} H${x + 18} L${x + 28},${-h + 2} Z`),
        pen.accent,
      ) +
      pen.part(rect(-74, -h - 9, 26, 14, 4), materials.metal) +
      pen.body(rect(-86, -h, 172, 2 * h, 14)) +
      pen.part(rect(-86, -h + 14, 22, 2 * h - 28, 6), pen.dark) +
      pen.part(circle(x, 6, r + 7), materials.metal) +
      pen.part(circle(x, 6, r), materials.ink) +
      pen.part(circle(x, 6, r * 0.62), '#3f6e96') +
      pen.flat(circle(x - r * 0.25, 6 - r * 0.25, r * 0.18), '#fff', 0.8) +
      pen.part(rect(56, -h + 9, 20, 12, 3), '#ffe9a8')
    )
  },
}

export const radio: Template = {
  kind: 'radio',
  draw: (pen) => {
    const h = pen.vary(0, 40, 52)
    const r = pen.vary(1, 24, 34)
    const holes = [0, 60, 120, 180, 240, 300].map(
      (a) =>
        `<g transform="translate(-38,8) rotate(${a})">${pen.flat(circle(r * 0.55, 0, 3), '#fff', 0.6)}</g>`,
    )
    return (
      pen.line(path(`M54,${-h} L${pen.vary(2, 84, 40)},-92`), materials.metal, 4) +
      (pen.has(2) ? pen.tube(path(`M-62,${-h} C-62,-84 30,-84 30,${-h}`), pen.dark, 7) : '') +
      pen.body(rect(-86, -h, 172, 2 * h + 12, pen.vary(0, 8, 24))) +
      pen.part(circle(-38, 8, r), materials.ink) +
      holes.join('') +
      pen.flat(circle(-38, 8, 4), pen.accent) +
      pen.part(rect(8, -h + 14, 66, 24, 4), materials.cream) +
      pen.line(path(`M${pen.vary(1, 20, 60)},${-h + 17} V${-h + 35}`), '#d0342c', 3) +
      pen.part(circle(24, h - 12, 10), pen.accent) +
      pen.part(circle(58, h - 12, 10), pen.accent)
    )
  },
}

export const watch: Template = {
  kind: 'watch',
  draw: (pen) => {
    const w = pen.vary(0, 16, 24)
    const r = pen.vary(1, 32, 42)
    const dial = pen.has(2) ? rect(-r, -r, 2 * r, 2 * r, 12) : circle(0, 0, r)
    const face = pen.has(2) ? rect(-r + 8, -r + 8, 2 * r - 16, 2 * r - 16, 8) : circle(0, 0, r - 8)
    return (
      pen.body(path(`M${-w},-20 L${-w + 5},-84 Q0,-94 ${w - 5},-84 L${w},-20 Z`)) +
      pen.body(path(`M${-w},20 L${-w + 5},84 Q0,94 ${w - 5},84 L${w},20 Z`)) +
      [52, 64, 76].map((y) => pen.flat(circle(0, y, 2.6), materials.ink)).join('') +
      pen.part(rect(r - 3, -6, 11, 12, 3), pen.accent) +
      pen.part(dial, pen.accent) +
      pen.part(face, materials.cream) +
      [0, 90, 180, 270]
        .map((a) => `<g transform="rotate(${a})">${pen.flat(rect(-1.6, -r + 12, 3.2, 6), materials.ink)}</g>`)
        .join('') +
      pen.line(path('M0,0 L12,-8'), materials.ink, 4) +
      pen.line(path(`M0,0 L-4,${-r + 19}`), materials.ink, 3)
    )
  },
}

export const phone: Template = {
  kind: 'phone',
  draw: (pen) => {
    const w = pen.vary(0, 36, 46)
    const h = pen.vary(1, 72, 86)
    const lens = (x: number, y: number): string =>
      pen.part(circle(x, y, 8), materials.ink) + pen.flat(circle(x - 2, y - 2, 2.4), '#8fc1e8')
    const lenses = pen.has(2)
      ? lens(-w + 20, -h + 20) + lens(-w + 20, -h + 42) + lens(-w + 40, -h + 31)
      : lens(-w + 20, -h + 20) + lens(-w + 20, -h + 42)
    return (
      pen.part(rect(w - 3, -30, 7, 26, 3), pen.dark) +
      pen.body(rect(-w, -h, 2 * w, 2 * h, pen.vary(2, 10, 20))) +
      pen.part(rect(-w + 7, -h + 7, pen.has(2) ? 47 : 26, 48, 12), pen.accent) +
      lenses +
      pen.flat(circle(0, pen.vary(0, 20, 34), 10), pen.accent) +
      pen.line(path(`M${-w + 9},${-h + 72} V${h - 18}`), 'rgba(255,255,255,.4)', 4)
    )
  },
}
