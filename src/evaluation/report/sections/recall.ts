import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import { plot } from '../plot.js'
import type { Evaluation } from '../../evaluate.js'

/** Recall at each K with its interval, drawn and written out. */
export function recallSection({ recall, intervals }: Pick<Evaluation, 'recall' | 'intervals'>): Html {
  const points = Object.entries(recall).map(([k, value], x) => {
    const { low = value, high = value } = intervals[`recall@${k}`] ?? {}
    return { k, x, value, low, high }
  })
  const lowest = Math.min(...points.map(({ low }) => low))
  const floor = Math.max(0, Math.floor(10 * lowest - 0.5) / 10)
  const chart = plot(
    'Recall at K',
    {
      label: 'K, answers looked at',
      low: -0.5,
      high: points.length - 0.5,
      ticks: points.map(({ x }) => x),
      format: (x) => points[x]?.k ?? '',
    },
    { label: 'share of queries', low: floor, high: 1, format: (share) => percent(share, 0) },
    [
      {
        name: 'recall',
        shape: 'dots',
        ink: 1,
        points: points.map(({ k, x, value: y }) => ({ x, y, title: `Recall@${k} ${percent(y)}` })),
        whiskers: points,
      },
    ],
  )
  return html`<section id="recall">
    <h2>Recall@K</h2>
    <p class="quiet">
      Share of queries with a picture of their class among the K nearest, with 95 % intervals.
    </p>
    ${chart}
    <table>
      <thead>
        <tr>
          <th>K</th>
          <th class="number">Recall</th>
          <th class="number">95 % interval</th>
        </tr>
      </thead>
      <tbody>
        ${points.map(
          ({ k, value, low, high }) =>
            html`<tr>
              <td>${k}</td>
              <td class="number">${percent(value)}</td>
              <td class="number">${percent(low)} to ${percent(high)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="quiet">
      Intervals by bootstrap: classes are drawn anew, then queries within each (2000 times).
    </p>
  </section>`
}
