import { applyCalibration } from '../../../bundles/calibration.js'
import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import { plot } from '../plot.js'
import type { Report } from '../report.js'

/** What a score means, and how well that holds. */
export function calibrationSection({ calibration: reported, evaluation, histograms }: Report): Html {
  if (reported === null) {
    return html`<section id="calibration">
      <h2>Calibration</h2>
      <p>The bundle has no calibration, and this set has too few classes to fit one.</p>
    </section>`
  }
  const { calibration, ofBundle, reliability, pairs, logLoss } = reported
  const { gallery, method } = calibration
  const share = (value: number): string => percent(value, 0)
  const low = histograms.edges[0] ?? 0
  const curve = Array.from({ length: 201 }, (_, n) => low + ((1 - low) * n) / 200).map((x) => ({
    x,
    y: applyCalibration(calibration, x),
  }))
  return html`<section id="calibration">
    <h2>Calibration</h2>
    <p>
      ${
        ofBundle
          ? html`The bundle's ${method} calibration, fitted on <code>${calibration.data}</code>, held against
              the ${pairs} answers that searches in <code>${evaluation.data}</code> return.`
          : html`The bundle has no calibration. For this page one was fitted on half of the classes of
              <code>${evaluation.data}</code> (${method} was the better one) and held against ${pairs} answers
              of the other half. <code>kindred calibrate</code> keeps one in the bundle.`
      }
      Log loss ${logLoss.toFixed(3)}; it was fitted on a gallery of ${gallery.images} pictures in
      ${gallery.classes} classes (${gallery.imagesPerClass.toFixed(1)} a class).
    </p>
    <div class="pair">
      <div>
        <h3>Does it keep its word?</h3>
        ${plot(
          'Reliability: predicted probability and share that came true',
          { label: 'predicted probability', low: 0, high: 1, format: share },
          { label: 'came true', low: 0, high: 1, format: share },
          [
            {
              name: 'answers',
              shape: 'dots',
              ink: 1,
              points: reliability.map(({ predicted: x, observed: y, pairs: count }) => ({
                x,
                y,
                title: `${percent(x)} predicted, ${percent(y)} came true, ${count} pairs`,
              })),
            },
          ],
          { diagonal: true },
        )}
      </div>
      <div>
        <h3>What a score means</h3>
        ${plot(
          'Probability by score',
          { label: 'score', low, high: 1 },
          { label: 'probability of the same class', low: 0, high: 1, format: share },
          [{ name: 'probability', shape: 'line', ink: 1, points: curve }],
        )}
      </div>
    </div>
    <details>
      <summary>Reliability table</summary>
      <table>
        <thead>
          <tr>
            <th class="number">predicted</th>
            <th class="number">came true</th>
            <th class="number">pairs</th>
          </tr>
        </thead>
        <tbody>
          ${reliability.map(
            (bin) =>
              html`<tr>
                <td class="number">${percent(bin.predicted)}</td>
                <td class="number">${percent(bin.observed)}</td>
                <td class="number">${bin.pairs}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`
}
