import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import type { Report, ShownExample, ShownPicture } from '../report.js'

/** The worst and the best queries with what they found. */
export function examplesSection({ best, worst }: Pick<Report, 'best' | 'worst'>): Html {
  return html`<section id="queries" class="long">
    <h2>Worst and best queries</h2>
    <p class="quiet">
      By MAP@R, at most one a class. Each query is followed by its nearest pictures: ✓ right, with a solid
      frame; ✗ wrong, with a dashed frame. Beside the mark stands the score.
    </p>
    <h3>Worst</h3>
    ${worst.map(asked)}
    <h3>Best</h3>
    ${best.length > 0 ? best.map(asked) : html`<p>There are too few classes to show any.</p>`}
  </section>`
}

const asked = ({ query, mapAtR, answers }: ShownExample): Html =>
  html`<div class="asked">
    ${picture(query, html`<b>query</b><br />MAP@R ${percent(mapAtR, 0)}`, '')}
    <div class="answers">
      ${answers.map((answer) =>
        picture(
          answer,
          html`<span class="mark">${answer.right ? '✓ right' : '✗ wrong'}</span> ${answer.score.toFixed(2)}`,
          answer.right ? 'right' : 'wrong',
        ),
      )}
    </div>
  </div>`

const picture = ({ label, name, source }: ShownPicture, note: Html, kind: string): Html =>
  html`<div class="picture ${kind}">
    ${source === null ? html`<p>(gone)</p>` : html`<img src="${source}" alt="${label}: ${name}" title="${label}: ${name}" />`}
    <div>${note}</div>
    <div title="${label}">${label}</div>
  </div>`
