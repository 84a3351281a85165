/** The page's style sheet: light and dark, phone and print. */
export const style = `
:root { color-scheme: light dark; --page: #fbfbfa; --card: #fff; --text: #1c2024; --quiet: #5c6570; --line: #dfe3e8;
  --ink1: #1f6feb; --ink2: #c2570c; --right: #1a7f37; --wrong: #c0283a; --tint: #eef3fb; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1c2127; --text: #e6e9ed; --quiet: #9aa5b1;
  --line: #333b45; --ink1: #6aa8ff; --ink2: #f0975a; --right: #57c274; --wrong: #ff7b86; --tint: #222c3a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 .3rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
code { font: .92em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.quiet, figcaption, th { color: var(--quiet); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.2rem; margin-top: 1.1rem; }
.pair { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); margin: 1.1rem 0 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.tile dt { color: var(--quiet); font-size: .9rem; } .tile dd { margin: 0; }
.tile .figure { font-size: 1.75rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; }
.tile small { color: var(--quiet); }
.warn { border-left: 4px solid var(--ink2); } p.warn { padding-left: .8rem; }
nav { margin-top: .8rem; font-size: .95rem; display: flex; flex-wrap: wrap; gap: .2rem 1rem; } nav a { color: var(--ink1); }
figure { margin: 0; } .plot svg { width: 100%; height: auto; display: block; }
.grid line { stroke: var(--line); } .grid .axis { stroke: var(--quiet); } .grid text { fill: var(--quiet); font-size: 13px; }
.ink1 { color: var(--ink1); } .ink2 { color: var(--ink2); }
.line polyline { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round; }
.dots polyline { fill: none; stroke: currentColor; stroke-width: 1.4; } .dots circle { fill: currentColor; }
.dots path { stroke: currentColor; fill: none; stroke-width: 1.4; }
.line.ink2 polyline, .dots.ink2 polyline { stroke-dasharray: 6 4; }
.bars rect { fill: currentColor; fill-opacity: .45; stroke: currentColor; stroke-width: 1; }
.bars.ink2 rect { fill-opacity: .12; stroke-dasharray: 3 2; stroke-width: 1.5; }
.ideal { stroke: var(--quiet); stroke-dasharray: 3 4; }
.key { margin-right: 1.2rem; font-size: .9rem; white-space: nowrap; }
.swatch { display: inline-block; width: 1.6em; height: 0; border-top: 3px solid currentColor; margin-right: .45em; vertical-align: middle; }
.swatch.ink2 { border-top-style: dashed; } .swatch.bars { height: .8em; border: 1.5px solid currentColor; background: color-mix(in srgb, currentColor 40%, transparent); }
.swatch.bars.ink2 { border-style: dashed; background: none; }
.asked { display: grid; grid-template-columns: 118px 1fr; gap: .9rem; padding: .8rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
.answers { display: grid; gap: .6rem; grid-template-columns: repeat(6, minmax(0, 1fr)); max-width: 800px; }
.picture { font-size: .78rem; line-height: 1.3; min-width: 0; } .picture div { overflow-wrap: anywhere; margin-top: .15rem; }
.picture img { width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--page); border-radius: 6px; border: 3px solid var(--line); display: block; }
.picture.right img { border-color: var(--right); } .picture.wrong img { border-color: var(--wrong); border-style: dashed; }
.right .mark { color: var(--right); } .wrong .mark { color: var(--wrong); } .mark { font-weight: 700; }
.map { background: var(--page); border-radius: 8px; border: 1px solid var(--line); }
.map circle { stroke: var(--page); stroke-width: .6; } .map:has(g:hover) g { opacity: .15; } .map:has(g:hover) g:hover { opacity: 1; } .map g { transition: opacity .1s; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); gap: .1rem 1rem; font-size: .85rem; margin: .8rem 0 0; padding: 0; list-style: none; }
.legend li { display: flex; align-items: baseline; overflow-wrap: anywhere; min-width: 0; }
.legend i { flex: none; width: .8em; height: .8em; border-radius: 50%; margin-right: .45em; }
.scroll { overflow: auto; max-height: 30rem; } table + p, figure + table { margin-top: .7rem; } table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .34rem .7rem .34rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { position: sticky; top: 0; background: var(--card); }
th button { all: unset; cursor: pointer; color: inherit; font-weight: 600; } th button:focus-visible { outline: 2px solid var(--ink1); outline-offset: 2px; }
th[aria-sort] button::after { content: ' \\2193'; } th[aria-sort=ascending] button::after { content: ' \\2191'; }
td:first-child { min-width: 6.5rem; } td.key-cell { width: 42%; min-width: 0; } td.whole { white-space: nowrap; } details summary { cursor: pointer; font-weight: 600; }
@media (max-width: 560px) { .asked { grid-template-columns: 1fr; } .asked > .picture { max-width: 118px; } section { padding: .9rem .8rem; }
  .answers { grid-template-columns: repeat(3, minmax(0, 1fr)); } th, td { padding-right: .45rem; font-size: .85rem; } th.number, td.whole { white-space: normal; } .grid text { font-size: 17px; } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --text: #000; --quiet: #444; --line: #bbb; --ink1: #1f6feb; --ink2: #c2570c; --right: #1a7f37; --wrong: #c0283a; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } main { max-width: none; padding: 0; } nav { display: none; }
  section { break-inside: avoid; border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .8rem 0; } section.long { break-inside: auto; }
  .scroll { max-height: none; overflow: visible; } body { font-size: 11pt; } .pair { display: block; } thead th { position: static; } }
`

/** Sorts a table by the column whose heading is pressed; numbers by `data-value`. */
export const script = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const rising = head.getAttribute('aria-sort') !== 'ascending'
    for (const each of heads) each.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', rising ? 'ascending' : 'descending')
    const value = (row) => row.cells[column].dataset.value
    const compare = (a, b) => head.classList.contains('number') ? value(a) - value(b) : value(a).localeCompare(value(b), undefined, { numeric: true })
    const rows = [...table.tBodies[0].rows].sort((a, b) => rising ? compare(a, b) : compare(b, a))
    table.tBodies[0].append(...rows)
  }))
}
`
