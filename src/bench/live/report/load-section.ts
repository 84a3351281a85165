import { html, type Html } from '../../../evaluation/report/html.js'
import { plot } from '../../../evaluation/report/plot.js'
import type { LoadRun, LoadStep, RampResult } from '../load/load-run.js'
import { milliseconds, perSecond, shapeName } from './units.js'

/** All steps in one table, and how p99 grows with the rate where the highest was looked for. */
export function loadSection({ steps, ramp, settings, requests }: LoadRun): Html {
  return html`<section id="load" class="long">
    <h2>Load</h2>
    <p class="quiet">
      ${requests.distinct} queries of ${(requests.meanBytes / 1000).toFixed(1)} kB in turn, over at most
      ${settings.connections} connections; each step counted for ${settings.seconds} s after
      ${settings.warmUp} s of warm-up. Latency is counted from when a request was due, so that a stall of
      either side shows.
    </p>
    ${ramp !== null && rampPart(ramp, steps)}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Load</th>
            ${[
              'offered/s',
              'answered/s',
              'p50',
              'p90',
              'p99',
              'p99.9',
              'p99.99',
              'longest',
              'refused',
              'failed',
            ].map((name) => html`<th class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${steps.map(row)}
        </tbody>
      </table>
    </div>
    <p class="quiet">
      A percentile beyond the number of requests is the longest of them.
      ${steps.some(({ generator }) => generator.bottlenecks.length > 0) && '* The side that made the load did not keep up.'}
    </p>
  </section>`
}

function row({ shape, offered, rate, latency, refused, failed, generator }: LoadStep): Html {
  const times = [latency?.p50, latency?.p90, latency?.p99, latency?.p999, latency?.p9999, latency?.max].map(
    (ms) => milliseconds(ms ?? NaN),
  )
  return html`<tr>
    <td class="whole">${shapeName(shape)}${generator.bottlenecks.length > 0 && html` <b>*</b>`}</td>
    ${[offered === null ? '–' : perSecond(offered), perSecond(rate), ...times, refused, failed].map((value) => html`<td class="number">${value}</td>`)}
  </tr>`
}

const limits: Readonly<Record<RampResult['limitedBy'], string>> = {
  server: 'Above it the server did not keep to it.',
  client: 'Above it the side that made the load did not keep up: the server may bear more.',
  limit: 'It is the highest that was tried.',
}

/** The objective this many times over is as far as the chart goes. */
const mostOverObjective = 4

function rampPart({ sloMs, rate, limitedBy }: RampResult, steps: readonly LoadStep[]): Html {
  const found =
    rate === null
      ? html`<p>No rate was held with p99 within ${milliseconds(sloMs)}.</p>`
      : html`<p>
          <b>${perSecond(rate)} searches a second</b> were held with p99 within ${milliseconds(sloMs)}.
          ${limits[limitedBy]}
        </p>`
  const points = steps
    .flatMap(({ offered, latency }) =>
      offered !== null && latency !== null ? [{ rate: offered, ms: latency.p99 }] : [],
    )
    .sort((a, b) => a.rate - b.rate)
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined || first === last) return found
  // Steps double: on a plain axis most of them would lie in its first quarter. Far over the objective, how far does not matter.
  const x = (value: number): number => Math.log2(value)
  const slowest = Math.max(...points.map(({ ms }) => ms))
  const high = Math.min(mostOverObjective * sloMs, Math.max(1.1 * slowest, 1.25 * sloMs))
  return html`<div class="pair">
    <div>
      ${plot(
        'p99 by the rate that was offered',
        {
          label: 'searches offered a second',
          low: x(first.rate) - 0.2,
          high: x(last.rate) + 0.2,
          ticks: spread(points.map(({ rate: offered }) => x(offered))),
          // The logarithm must not take the last digit from what the table says.
          format: (value) => perSecond(Number((2 ** value).toPrecision(12))),
        },
        { label: 'p99, ms', low: 0, high },
        [
          {
            name: 'p99',
            shape: 'dots',
            ink: 1,
            points: points.map(({ rate: offered, ms }) => ({
              x: x(offered),
              y: Math.min(ms, high),
              title: `${perSecond(offered)}/s: ${milliseconds(ms)}`,
            })),
          },
          {
            name: 'objective',
            shape: 'line',
            ink: 2,
            points: [
              { x: x(first.rate) - 0.2, y: sloMs },
              { x: x(last.rate) + 0.2, y: sloMs },
            ],
          },
        ],
      )}
    </div>
    <div>
      ${found}
      <p class="quiet">
        Each point is a step. ${slowest > high && html`What lies above ${milliseconds(high)} is drawn there.`}
      </p>
    </div>
  </div>`
}

/** Ticks that are far enough apart to be read. */
function spread(values: readonly number[]): number[] {
  const apart = (Math.max(...values) - Math.min(...values)) / 12
  return values.reduce<number[]>(
    (kept, value) => (value - (kept.at(-1) ?? -Infinity) >= apart ? [...kept, value] : kept),
    [],
  )
}
