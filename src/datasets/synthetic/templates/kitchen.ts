import { circle, ellipse, materials, path, rect, type Template } from '../pen.js'

export const mug: Template = {
  kind: 'mug',
  draw: (pen) => {
    const w = pen.vary(0, 38, 56)
    const h = pen.vary(1, 40, 62)
    const foot = w - pen.vary(2, 2, 14)
    const handle = path(
      `M${w - 4},${-h * 0.55} C${w + 44},${-h * 0.7} ${w + 40},${h * 0.6} ${foot - 2},${h * 0.5}`,
    )
    return (
      pen.tube(handle, pen.base, 10) +
      pen.body(
        path(
          `M${-w},${-h} L${-foot},${h - 10} Q${-foot},${h + 6} ${-foot + 16},${h + 6} H${foot - 16} Q${foot},${h + 6} ${foot},${h - 10} L${w},${-h} Z`,
        ),
      ) +
      pen.part(ellipse(0, -h, w, 11), pen.light) +
      pen.flat(ellipse(0, -h + 1.5, w - 6, 7.5), '#5b3a26') +
      pen.flat(rect(-w + 10, -h + 20, 7, h * 1.2, 3.5), '#fff', 0.35)
    )
  },
}

export const bottle: Template = {
  kind: 'bottle',
  draw: (pen) => {
    const neck = pen.vary(0, 10, 18)
    const belly = pen.vary(1, 26, 40)
    const shoulder = pen.vary(2, -38, -6)
    return (
      pen.body(
        path(
          `M${-neck},-72 V-54 C${-neck},${shoulder - 4} ${-belly},${shoulder - 8} ${-belly},${shoulder + 16} V76 Q${-belly},90 ${-belly + 14},90 H${belly - 14} Q${belly},90 ${belly},76 V${shoulder + 16} C${belly},${shoulder - 8} ${neck},${shoulder - 4} ${neck},-54 V-72 Z`,
        ),
      ) +
      pen.part(rect(-neck - 3, -90, 2 * neck + 6, 20, 4), pen.accent) +
      pen.part(rect(-belly, shoulder + 32, 2 * belly, 34, 2), materials.cream) +
      pen.flat(pen.has(0) ? circle(0, shoulder + 49, 10) : rect(-12, shoulder + 40, 24, 18, 4), pen.accent) +
      pen.flat(rect(-belly + 7, shoulder + 16, 5, 58, 2.5), '#fff', 0.4)
    )
  },
}

export const vase: Template = {
  kind: 'vase',
  draw: (pen) => {
    const neck = pen.vary(0, 12, 26)
    const belly = pen.vary(1, 34, 56)
    const low = pen.vary(2, -6, 42)
    const flower = (x: number, y: number): string =>
      pen.line(path(`M0,-38 Q${x / 3},${y / 2 - 20} ${x},${y}`), materials.leaf, 3.5) +
      [0, 72, 144, 216, 288].map((a) => pen.flat(petal(x, y, a), pen.accent)).join('') +
      pen.flat(circle(x, y, 4.5), '#f4c542')
    return (
      (pen.has(0) ? flower(-26, -76) + flower(24, -82) + flower(0, -66) : '') +
      pen.body(
        path(
          `M${-neck},-44 C${-neck + 2},-20 ${-belly},${low - 34} ${-belly},${low} C${-belly},${low + 34} -22,80 -24,88 H24 C22,80 ${belly},${low + 34} ${belly},${low} C${belly},${low - 34} ${neck - 2},-20 ${neck},-44 Z`,
        ),
      ) +
      pen.part(ellipse(0, -44, neck + 4, 6.5), pen.dark) +
      pen.flat(ellipse(-belly * 0.55, low, 5, 20), '#fff', 0.35)
    )
  },
}

const petal = (x: number, y: number, angle: number): string => {
  const a = (angle * Math.PI) / 180
  return circle(Math.round(x + 9 * Math.cos(a)), Math.round(y + 9 * Math.sin(a)), 6.5)
}

export const teapot: Template = {
  kind: 'teapot',
  draw: (pen) => {
    const w = pen.vary(0, 44, 54)
    const h = pen.vary(1, 34, 50)
    const y = 24
    return (
      pen.tube(
        path(`M${w - 8},${y - h * 0.5} C${w + 40},${y - h} ${w + 36},${y + h * 0.7} ${w - 6},${y + h * 0.5}`),
        pen.accent,
        9,
      ) +
      pen.part(
        path(
          `M${-w + 6},${y + 16} C-72,${y + 14} -66,${y - 26} -88,${y - 34} L-74,${y - 42} C-60,${y - 30} -58,${y - 12} ${-w + 10},${y - 14} Z`,
        ),
        pen.light,
      ) +
      pen.body(ellipse(0, y, w, h)) +
      pen.part(
        path(`M-30,${y - h + 8} Q0,${y - h - 24} 30,${y - h + 8} Q0,${y - h + 16} -30,${y - h + 8} Z`),
        pen.light,
      ) +
      pen.part(circle(0, y - h - 14, pen.vary(2, 6, 10)), pen.accent) +
      pen.part(rect(-28, y + h - 5, 56, 9, 4), pen.dark) +
      pen.flat(ellipse(-w * 0.5, y - h * 0.35, 8, 13), '#fff', 0.35)
    )
  },
}

export const pan: Template = {
  kind: 'pan',
  draw: (pen) => {
    const r = pen.vary(0, 42, 54)
    const long = pen.vary(1, 58, 76)
    return (
      `<g transform="rotate(-32) translate(-26,0)">` +
      pen.part(rect(r - 6, -7, long, 14, 7), pen.has(2) ? materials.wood : materials.ink) +
      pen.flat(circle(r + long - 16, 0, 3.4), '#fff', 0.8) +
      pen.body(circle(0, 0, r)) +
      pen.part(circle(0, 0, r - 10), pen.vary(2, 0, 1) === 1 ? '#4a4f5a' : '#8e959f') +
      pen.line(path(`M${-r + 22},-8 A${r - 22},${r - 22} 0 0 1 -4,${-r + 22}`), 'rgba(255,255,255,.45)', 5) +
      `</g>`
    )
  },
}
