import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import type { Interval } from '../../bootstrap.js'
import type { ClassFigures } from '../../per-class.js'

interface ShownClass extends ClassFigures {
  /** 95 % intervals, where there are any; null where the class has one query. */
  readonly intervals?: { readonly mapAtR: Pick<Interval, 'low' | 'high'> } | null
}

/** Figures of every class; a press on a heading sorts. */
export function classesSection({ perClass }: { readonly perClass: readonly ShownClass[] }): Html {
  const head = (name: string, kind: string, sorted = false): Html =>
    html`<th class="${kind}" scope="col" ${sorted && html`aria-sort="ascending"`}>
      <button type="button">${name}</button>
    </th>`
  const cell = (value: number): Html =>
    html`<td class="number" data-value="${value.toFixed(6)}">${percent(value)}</td>`
  const range = ({ intervals }: ShownClass): Html =>
    html`<td class="number" data-value="${intervals?.mapAtR.low ?? -1}">
      ${intervals == null ? '–' : `${percent(intervals.mapAtR.low)} to ${percent(intervals.mapAtR.high)}`}
    </td>`
  const ranged = perClass.some(({ intervals }) => intervals != null)
  return html`<section id="classes" class="long">
    <h2>Classes</h2>
    <p class="quiet">${perClass.length} classes, hardest first. Press a heading to sort by it.</p>
    <div class="scroll">
      <table class="sortable">
        <thead>
          <tr>
            ${head('Class', '')} ${head('Queries', 'number')} ${head('Recall@1', 'number')}
            ${head('R-precision', 'number')} ${head('MAP@R', 'number', true)}
            ${ranged && head('95 % of MAP@R', 'number')}
          </tr>
        </thead>
        <tbody>
          ${perClass.map(
            (figures) =>
              html`<tr>
                <td data-value="${figures.label}">${figures.label}</td>
                <td class="number" data-value="${figures.queries}">${figures.queries}</td>
                ${cell(figures.recallAt1)}${cell(figures.rPrecision)}${cell(figures.mapAtR)}${ranged && range(figures)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
