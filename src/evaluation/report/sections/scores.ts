import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import { plot } from '../plot.js'
import type { Report } from '../report.js'

/** How far apart scores of the same and of different classes are. */
export function scoresSection({ histograms }: Report): Html {
  const { edges, width, same, different, pairs, thresholds } = histograms
  const low = edges[0] ?? 0
  const title = (share: number, edge: number): string =>
    `${edge.toFixed(2)} to ${(edge + width).toFixed(2)}: ${percent(share)}`
  const points = (shares: readonly number[]) =>
    shares.map((y, bin) => ({ x: edges[bin] ?? 0, y, title: title(y, edges[bin] ?? 0) }))
  return html`<section id="scores">
    <h2>Scores</h2>
    <p class="quiet">
      Cosine similarity of ${pairs.same} pairs of one class and ${pairs.different} of two, drawn at random.
      The less they overlap, the easier a threshold is.
    </p>
    ${plot(
      'Scores of pairs of one class and of two',
      { label: 'score', low, high: 1 },
      {
        label: 'share of pairs',
        low: 0,
        high: 1.05 * Math.max(...same, ...different),
        format: (share) => percent(share, 0),
      },
      [
        { name: 'same class', shape: 'bars', ink: 1, points: points(same) },
        { name: 'different classes', shape: 'bars', ink: 2, points: points(different) },
      ],
      { barWidth: width },
    )}
    <table>
      <thead>
        <tr>
          <th>Lowest score</th>
          <th class="number">same class kept</th>
          <th class="number">others let through</th>
        </tr>
      </thead>
      <tbody>
        ${thresholds.map(
          (threshold) =>
            html`<tr>
              <td>${threshold.score.toFixed(3)}</td>
              <td class="number">${percent(threshold.same, 0)}</td>
              <td class="number">${percent(threshold.different)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}
