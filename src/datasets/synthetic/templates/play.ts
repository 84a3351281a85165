import { circle, ellipse, materials, path, rect, type Template } from '../pen.js'

export const ball: Template = {
  kind: 'ball',
  draw: (pen) => {
    const r = pen.vary(0, 58, 78)
    const seams =
      `M0,${-r} C${r * 0.5},${-r * 0.4} ${r * 0.5},${r * 0.4} 0,${r} M0,${-r} C${-r * 0.5},${-r * 0.4} ${-r * 0.5},${r * 0.4} 0,${r}` +
      (pen.has(1) ? `M${-r},0 H${r}` : '')
    const flank = (side: 1 | -1): string =>
      path(
        `M0,${-r} C${side * r * 0.5},${-r * 0.4} ${side * r * 0.5},${r * 0.4} 0,${r} A${r},${r} 0 0 ${side === 1 ? 0 : 1} 0,${-r} Z`,
      )
    return (
      pen.body(circle(0, 0, r)) +
      (pen.has(2) ? pen.part(flank(-1), pen.accent) + pen.part(flank(1), pen.accent) : '') +
      pen.line(path(seams), pen.dark, 3.4) +
      pen.flat(ellipse(-r * 0.42, -r * 0.46, r * 0.18, r * 0.12), '#fff', 0.55)
    )
  },
}

export const guitar: Template = {
  kind: 'guitar',
  draw: (pen) => {
    const low = pen.vary(0, 36, 46)
    const up = pen.vary(1, 24, 34)
    const waist = pen.vary(2, 14, 24)
    return (
      `<g transform="rotate(28) translate(0,-4)">` +
      pen.part(rect(-6, -70, 12, 80, 2), materials.wood) +
      pen.part(rect(-10, -94, 20, 26, 4), materials.ink) +
      pen.body(
        path(
          `M0,-14 C${up * 0.7},-18 ${up + 4},-2 ${up},12 C${up - 2},22 ${waist},26 ${waist + 6},34 C${low + 12},44 ${low + 8},92 0,92 C${-low - 8},92 ${-low - 12},44 ${-waist - 6},34 C${-waist},26 ${-up + 2},22 ${-up},12 C${-up - 4},-2 ${-up * 0.7},-18 0,-14 Z`,
        ),
      ) +
      pen.part(circle(0, 34, 14), materials.ink) +
      pen.part(rect(-18, 64, 36, 9, 3), pen.accent) +
      pen.line(path('M-3,-82 V66 M0,-82 V66 M3,-82 V66'), '#f3ead6', 0.9) +
      [-86, -78]
        .map(
          (y) => pen.flat(circle(-13, y, 3), materials.metal) + pen.flat(circle(13, y, 3), materials.metal),
        )
        .join('') +
      `</g>`
    )
  },
}

export const book: Template = {
  kind: 'book',
  draw: (pen) => {
    const w = pen.vary(0, 46, 62)
    const h = pen.vary(1, 62, 84)
    const thick = pen.vary(2, 10, 22)
    const print = pen.has(2)
      ? pen.flat(circle(7, h * 0.35, w * 0.32), pen.accent)
      : pen.flat(rect(-w * 0.4, h * 0.45, w, 8, 4), pen.accent)
    return (
      pen.part(
        path(`M${-w},${h} L${-w + thick},${h + thick * 0.7} H${w + thick} L${w},${h} Z`),
        materials.cream,
      ) +
      pen.part(
        path(`M${w},${-h} L${w + thick},${-h + thick * 0.7} V${h + thick * 0.7} L${w},${h} Z`),
        materials.cream,
      ) +
      pen.line(path(`M${w + thick / 2},${-h + thick * 0.6} V${h + thick * 0.2}`), '#cbbd9f', 1.6) +
      pen.body(rect(-w, -h, 2 * w, 2 * h, 3)) +
      pen.part(rect(-w, -h, 14, 2 * h, 3), pen.dark) +
      pen.part(rect(-w + 26, -h + 18, 2 * w - 40, h * 0.5, 3), materials.cream) +
      pen.line(
        path(`M${-w + 36},${-h + 18 + h * 0.18} H${w - 24} M${-w + 36},${-h + 18 + h * 0.34} H${w - 40}`),
        materials.ink,
        4,
      ) +
      print
    )
  },
}

export const umbrella: Template = {
  kind: 'umbrella',
  draw: (pen) => {
    const w = pen.vary(0, 74, 88)
    const top = pen.vary(1, -80, -56)
    const dip = pen.vary(2, 6, 16)
    const scallop = [0, 1, 2, 3]
      .map((n) => `Q${w - (n + 0.5) * (w / 2)},${4 - dip} ${w - (n + 1) * (w / 2)},4`)
      .join(' ')
    return (
      pen.tube(path('M0,-6 V64 C0,90 30,90 30,68'), pen.has(1) ? materials.wood : materials.ink, 5) +
      pen.body(path(`M${-w},4 C${-w + 4},${top - 6} ${w - 4},${top - 6} ${w},4 ${scallop} Z`)) +
      pen.line(
        path(
          `M0,${top + 15} C-22,${top + 30} -40,-26 ${-w / 2},3 M0,${top + 15} C22,${top + 30} 40,-26 ${w / 2},3 M0,${top + 15} V3`,
        ),
        pen.dark,
        2.2,
      ) +
      pen.part(rect(-3.5, top - 2, 7, 18, 3), pen.accent)
    )
  },
}

export const kite: Template = {
  kind: 'kite',
  draw: (pen) => {
    const w = pen.vary(0, 40, 58)
    const cross = pen.vary(1, -48, -22)
    const bows = pen.vary(2, 2, 4)
    const tail = Array.from({ length: bows }, (_, n) => {
      const [x, y] = [n % 2 === 0 ? 12 : -8, 52 + n * 12]
      return pen.part(path(`M${x},${y} l-12,-6 v12 l24,-12 v12 Z`), pen.accent)
    })
    return (
      pen.line(path('M0,36 C26,50 -26,68 6,92'), materials.ink, 2.4) +
      pen.body(path(`M0,-90 L${w},${cross} L0,42 L${-w},${cross} Z`)) +
      pen.part(path(`M0,-90 L${w},${cross} H0 Z`), pen.accent) +
      pen.part(path(`M0,42 L${-w},${cross} H0 Z`), pen.accent) +
      pen.line(path(`M0,-90 V42 M${-w},${cross} H${w}`), materials.ink, 2) +
      tail.join('')
    )
  },
}

export const key: Template = {
  kind: 'key',
  draw: (pen) => {
    const r = pen.vary(0, 28, 38)
    const bow = pen.has(1)
      ? path(
          `M0,-84 L${r},${-84 + r * 0.6} V${-84 + r * 1.6} L0,${-84 + 2.2 * r} L${-r},${-84 + r * 1.6} V${-84 + r * 0.6} Z`,
        )
      : circle(0, -84 + r, r)
    const teeth = pen.has(2) ? 'h20 v10 h-10 v8 h14 v10 h-24' : 'h24 v12 h-14 v6 h8 v10 h-18'
    return (
      `<g transform="rotate(38)">` +
      pen.part(path(`M-7,-26 H7 V44 ${teeth} V88 Q0,94 -7,88 Z`), materials.metal) +
      pen.body(bow) +
      pen.part(circle(0, -84 + r, r * 0.36), pen.accent) +
      pen.flat(circle(0, -84 + r, r * 0.2), '#fff', 0.85) +
      `</g>`
    )
  },
}

export const toyCar: Template = {
  kind: 'toy-car',
  draw: (pen) => {
    const roof = pen.vary(0, -56, -34)
    const cabin = pen.vary(1, 34, 52)
    const r = pen.vary(2, 17, 24)
    const wheel = (x: number): string =>
      pen.part(circle(x, 40, r), materials.ink) + pen.part(circle(x, 40, r * 0.5), pen.accent)
    return (
      pen.body(
        path(
          `M-88,36 V10 Q-88,-4 -74,-4 L${-cabin - 6},-6 L${-cabin + 12},${roof} Q0,${roof - 8} ${cabin - 10},${roof} L${cabin + 8},-6 Q88,-2 88,14 V36 Q88,42 80,42 H-80 Q-88,42 -88,36 Z`,
        ),
      ) +
      pen.part(path(`M${-cabin + 6},-6 L${-cabin + 18},${roof + 9} H-5 V-6 Z`), materials.glass) +
      pen.part(path(`M5,-6 V${roof + 9} H${cabin - 14} L${cabin - 3},-6 Z`), materials.glass) +
      pen.part(ellipse(80, 12, 6, 8), '#ffe08a') +
      pen.line(path('M-80,24 H80'), pen.accent, 5) +
      wheel(-48) +
      wheel(48)
    )
  },
}

export const toyBoat: Template = {
  kind: 'toy-boat',
  draw: (pen) => {
    const w = pen.vary(0, 64, 84)
    const sail = pen.vary(1, 40, 62)
    const jib = pen.vary(2, 24, 44)
    return (
      pen.tube(path('M0,34 V-86'), materials.wood, 5) +
      pen.body(path(`M7,-78 Q${sail + 12},-30 ${sail},22 H7 Z`)) +
      pen.part(path(`M-7,-70 Q-16,-20 ${-jib - 6},22 H-7 Z`), pen.accent) +
      pen.part(path('M0,-90 L22,-83 L0,-76 Z'), '#d0342c') +
      pen.part(
        path(
          `M${-w},34 H${w} C${w - 6},66 ${w - 22},78 ${w - 36},78 H${-w + 36} C${-w + 20},76 ${-w + 6},62 ${-w},34 Z`,
        ),
        pen.dark,
      ) +
      pen.line(path(`M${-w + 8},48 H${w - 8}`), materials.cream, 5)
    )
  },
}
