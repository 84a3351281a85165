import { circle, ellipse, materials, path, rect, type Template } from '../pen.js'

export const tShirt: Template = {
  kind: 't-shirt',
  draw: (pen) => {
    const w = pen.vary(0, 38, 48)
    const hem = pen.vary(1, 62, 86)
    const sleeve = pen.vary(2, 0, 46)
    const neck = pen.has(1) ? 'Q0,-42 18,-76' : 'L0,-40 L18,-76'
    return (
      pen.body(
        path(
          `M-18,-76 ${neck} C34,-74 48,-68 56,-58 L${84 + sleeve / 8},${-16 + sleeve} L${64 + sleeve / 8},${-2 + sleeve} L${w},-24 L${w + 2},${hem} Q0,${hem + 7} ${-w - 2},${hem} L${-w},-24 L${-64 - sleeve / 8},${-2 + sleeve} L${-84 - sleeve / 8},${-16 + sleeve} L-56,-58 C-48,-68 -34,-74 -18,-76 Z`,
        ),
      ) +
      pen.line(path(`M-18,-76 ${neck}`), pen.accent, 6) +
      pen.line(path(`M${-w + 2},${hem - 8} Q0,${hem - 1} ${w - 2},${hem - 8}`), pen.dark, 2)
    )
  },
}

export const shoe: Template = {
  kind: 'shoe',
  draw: (pen) => {
    const ankle = pen.vary(0, -62, -22)
    const toe = pen.vary(1, 4, 16)
    const laces = [0, 1, 2, 3].map((n) =>
      pen.line(path(`M${-26 + 15 * n},${-14 + 9 * n} L${-10 + 15 * n},${-24 + 9 * n}`), materials.cream, 5),
    )
    return (
      pen.body(
        path(
          `M-80,${ankle} Q-60,${ankle + 8} -36,${ankle} L-22,-22 C10,0 40,0 68,${toe} Q88,${toe + 8} 86,40 H-82 C-88,10 -76,0 -80,${ankle} Z`,
        ),
      ) +
      pen.part(path(`M52,${toe - 5} Q88,${toe + 4} 86,42 H50 Q42,20 52,${toe - 5} Z`), pen.accent) +
      pen.part(path(`M-80,6 Q-58,8 -56,40 H-83 Q-86,20 -80,6 Z`), pen.accent) +
      laces.join('') +
      pen.part(rect(-90, 38, 182, pen.vary(2, 14, 24), 9), materials.cream) +
      pen.line(path('M-84,47 H84'), pen.accent, 3)
    )
  },
}

export const cap: Template = {
  kind: 'cap',
  draw: (pen) => {
    const h = pen.vary(0, 62, 88)
    const brim = pen.vary(1, 78, 92)
    const top = 30 - h
    return (
      pen.body(path(`M-66,30 C-68,${top - 6} 50,${top - 18} 50,30 Q-8,44 -66,30 Z`)) +
      pen.line(
        path(`M-10,${top + 4} C-24,${top + 20} -26,10 -22,35 M-10,${top + 4} C18,${top + 18} 24,10 22,33`),
        pen.dark,
        2.4,
      ) +
      pen.part(
        path(`M-14,36 C10,20 40,18 52,24 C78,28 ${brim},40 ${brim},50 C60,44 20,46 -14,36 Z`),
        pen.accent,
      ) +
      pen.part(ellipse(-8, top + 5, 8, 5), pen.accent) +
      (pen.has(2) ? pen.part(circle(2, 2, 12), materials.cream) : '')
    )
  },
}

export const sock: Template = {
  kind: 'sock',
  draw: (pen) => {
    const w = pen.vary(0, 20, 27)
    const toe = pen.vary(1, 42, 64)
    const top = pen.vary(2, -88, -52)
    return (
      `<g transform="translate(-14,0)">` +
      pen.body(
        path(
          `M${-w},${top} H${w} V22 C${w + 8},34 ${toe},38 ${toe + 8},54 C${toe + 14},78 ${toe - 10},84 ${toe - 22},80 C0,84 -36,84 -38,52 C-38,36 ${-w},30 ${-w},10 Z`,
        ),
      ) +
      pen.part(
        path(
          `M${toe - 16},42 C${toe + 2},44 ${toe + 6},50 ${toe + 8},54 C${toe + 14},78 ${toe - 10},84 ${toe - 22},80 Q${toe - 32},60 ${toe - 16},42 Z`,
        ),
        pen.accent,
      ) +
      pen.part(path(`M-38,52 C-38,40 -30,34 -24,28 Q-4,50 -20,76 Q-36,72 -38,52 Z`), pen.accent) +
      pen.part(rect(-w - 3, top - 4, 2 * w + 6, 18, 5), pen.accent) +
      `</g>`
    )
  },
}

export const backpack: Template = {
  kind: 'backpack',
  draw: (pen) => {
    const w = pen.vary(0, 46, 60)
    const top = pen.vary(1, -74, -58)
    const round = pen.vary(2, 20, 44)
    return (
      pen.tube(path(`M-16,${top + 4} C-18,${top - 24} 18,${top - 24} 16,${top + 4}`), pen.dark, 6) +
      pen.part(rect(-w - 14, 8, 30, 58, 12), pen.dark) +
      pen.part(rect(w - 16, 8, 30, 58, 12), pen.dark) +
      pen.body(
        path(
          `M${-w},84 V${top + round} Q${-w},${top} ${-w + round},${top} H${w - round} Q${w},${top} ${w},${top + round} V84 Q${w},90 ${w - 8},90 H${-w + 8} Q${-w},90 ${-w},84 Z`,
        ),
      ) +
      pen.line(path(`M${-w + 8},${top + 40} Q0,${top + 24} ${w - 8},${top + 40}`), pen.dark, 4) +
      pen.part(rect(-w + 12, 14, 2 * w - 24, 62, 12), pen.accent) +
      pen.line(path(`M${-w + 16},32 H${w - 16}`), materials.ink, 3) +
      pen.part(rect(-4, 30, 8, 18, 4), materials.metal)
    )
  },
}

export const handbag: Template = {
  kind: 'handbag',
  draw: (pen) => {
    const top = pen.vary(0, 44, 60)
    const bottom = pen.vary(1, 58, 80)
    const arc = pen.vary(2, -84, -54)
    return (
      pen.tube(
        path(`M${-top + 16},-12 C${-top + 18},${arc} ${top - 18},${arc} ${top - 16},-12`),
        pen.accent,
        7,
      ) +
      pen.body(
        path(
          `M${-top},-14 H${top} L${bottom},66 Q${bottom},80 ${bottom - 14},80 H${-bottom + 14} Q${-bottom},80 ${-bottom},66 Z`,
        ),
      ) +
      pen.part(
        pen.has(1)
          ? path(`M${-top},-14 H${top} L${top + 3},14 Q0,52 ${-top - 3},14 Z`)
          : rect(-top - 1, -16, 2 * top + 2, 20, 4),
        pen.accent,
      ) +
      pen.part(pen.has(0) ? circle(0, 26, 9) : rect(-10, 14, 20, 14, 4), '#e2b64a')
    )
  },
}

export const sunglasses: Template = {
  kind: 'sunglasses',
  draw: (pen) => {
    const rx = pen.vary(0, 28, 36)
    const ry = pen.vary(1, 22, 34)
    const lens = (x: number, grow: number): string =>
      pen.has(2)
        ? ellipse(x, 6, rx + grow, ry + grow)
        : path(
            `M${x - rx - grow},${-ry + 4 - grow} H${x + rx + grow} Q${x + rx + grow},${ry + 8 + grow} ${x},${ry + 8 + grow} Q${x - rx - grow},${ry + 8 + grow} ${x - rx - grow},${-ry + 4 - grow} Z`,
          )
    const side = (x: number): string =>
      pen.body(lens(x, 8)) +
      pen.part(lens(x, 0), '#39414f') +
      pen.line(path(`M${x - 14},12 L${x + 4},-10 M${x - 4},16 L${x + 12},-4`), 'rgba(255,255,255,.4)', 4)
    return (
      pen.tube(path('M-82,-6 L-90,-40 M82,-6 L90,-40'), pen.base, 7) +
      pen.tube(path('M-14,-2 Q0,-14 14,-2'), pen.accent, 6) +
      side(-44) +
      side(44)
    )
  },
}
