import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import type { Report } from '../report.js'

/** Figures of every class; a press on a heading sorts. */
export function classesSection({ evaluation: { perClass } }: Report): Html {
  const head = (name: string, kind: string, sorted = false): Html =>
    html`<th class="${kind}" scope="col" ${sorted && html`aria-sort="ascending"`}>
      <button type="button">${name}</button>
    </th>`
  const cell = (value: number): Html =>
    html`<td class="number" data-value="${value.toFixed(6)}">${percent(value)}</td>`
  return html`<section id="classes" class="long">
    <h2>Classes</h2>
    <p class="quiet">${perClass.length} classes, hardest first. Press a heading to sort by it.</p>
    <div class="scroll">
      <table class="sortable">
        <thead>
          <tr>
            ${head('Class', '')} ${head('Queries', 'number')} ${head('Recall@1', 'number')}
            ${head('R-precision', 'number')} ${head('MAP@R', 'number', true)}
          </tr>
        </thead>
        <tbody>
          ${perClass.map(
            ({ label, queries, recallAt1, rPrecision, mapAtR }) =>
              html`<tr>
                <td data-value="${label}">${label}</td>
                <td class="number" data-value="${queries}">${queries}</td>
                ${cell(recallAt1)}${cell(rPrecision)}${cell(mapAtR)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
