import { html, type Html } from '../../../evaluation/report/html.js'
import { niceTicks } from '../../../evaluation/report/numbers.js'
import { plot } from '../../../evaluation/report/plot.js'
import { heldStep } from '../load/ramp.js'
import { stageNames, type LoadRun, type LoadStep } from '../load/load-run.js'
import { size, milliseconds, perSecond, shapeName } from './units.js'

/** Steps that are worth a closer look: of a ramp the highest that was held, else the last, and all others. */
export function shownSteps({ steps, ramp }: LoadRun): LoadStep[] {
  if (ramp === null) return [...steps]
  const shown = heldStep(steps, ramp) ?? steps.at(-1)
  return steps.filter((step) => step.shape.loop === 'closed' || step === shown)
}

/** One step: how latency spreads, how it went over time, and whose time it was. */
export function stepSection(step: LoadStep): Html {
  const { shape, seed, offered, sent, answered, rate, errors, bytes, generator, refusalLatency } = step
  const codes = Object.entries(errors)
  return html`<section class="long">
    <h2>${shapeName(shape)}</h2>
    <p>
      ${offered !== null && `${perSecond(offered)} were due a second (seed ${seed}); `} ${answered} of ${sent}
      answered, ${perSecond(rate)} a second; ${size(bytes.sent)} sent, ${size(bytes.received)} received.
      ${sent === 0 && 'No request began in the seconds that count: they are too few for this load.'}
      ${codes.length > 0 && `Not answered: ${codes.map(([code, count]) => `${code} ${count}`).join(', ')}.`}
      ${refusalLatency !== null && `A refusal took ${milliseconds(refusalLatency.p50)} (p50), ${milliseconds(refusalLatency.p99)} (p99).`}
    </p>
    ${
      generator.bottlenecks.length > 0 &&
      html`<p class="warn">
        The load side is the bottleneck: ${generator.bottlenecks.join('; ')}. Its figures tell more of itself
        than of the server.
      </p>`
    }
    <div class="pair">
      <div>${curve(step)}</div>
      <div>${overTime(step)}</div>
    </div>
    ${whoseTime(step)}
  </section>`
}

/** Nines of a percentile: 90 is 1, 99 is 2. */
const nines = (percentile: number): number => -Math.log10(1 - percentile / 100)

function curve({ latencyCurve }: LoadStep): Html | false {
  const last = latencyCurve.at(-1)
  if (last === undefined || latencyCurve.length < 2) return false
  const ticks = [0, 50, 90, 99, 99.9, 99.99].filter((place) => place <= last[0])
  return plot(
    'Latency by percentile',
    {
      label: 'percentile',
      low: 0,
      high: nines(last[0]),
      ticks: ticks.map(nines),
      format: (value) => String(Number((100 * (1 - 10 ** -value)).toFixed(2))),
    },
    { label: 'latency, ms', low: 0, high: 1.05 * last[1] },
    [
      {
        name: 'latency',
        shape: 'dots',
        ink: 1,
        points: latencyCurve.map(([percentile, ms]) => ({
          x: nines(percentile),
          y: ms,
          title: `p${percentile}: ${milliseconds(ms)}`,
        })),
      },
    ],
  )
}

function overTime({ timeline }: LoadStep): Html | false {
  if (timeline.length < 2) return false
  const points = (of: 'p50' | 'p99') =>
    timeline.flatMap(({ second, [of]: ms }) => (ms === null ? [] : [{ x: second, y: ms }]))
  const [typical, slow] = [points('p50'), points('p99')]
  return plot(
    'Latency over time',
    {
      label: 'second in which a request was due',
      low: 0,
      high: timeline.length - 1,
      ticks: niceTicks(0, timeline.length - 1).filter(Number.isInteger),
    },
    { label: 'latency, ms', low: 0, high: 1.05 * Math.max(...slow.map(({ y }) => y), 1e-3) },
    [
      { name: 'p50', shape: 'line', ink: 1, points: typical },
      { name: 'p99', shape: 'line', ink: 2, points: slow },
    ],
  )
}

function whoseTime({ latency, stages, metrics, generator }: LoadStep): Html | false {
  if (latency === null || stages === null) return false
  const rows: [string, number, number, number | null][] = [
    ['seen by the client', latency.p50, latency.p99, null],
    ...stageNames.map((stage): [string, number, number, number | null] => [
      stage === 'total' ? 'the server, all' : `the server, ${stage}`,
      stages[stage].p50,
      stages[stage].p99,
      (stage === 'total' ? metrics?.request : metrics?.[stage]) ?? null,
    ]),
    ...(generator.late === null
      ? []
      : [['sent late', generator.late.p50, generator.late.p99, null] as [string, number, number, null]]),
  ]
  return html`<h3>Whose time</h3>
    <table>
      <thead>
        <tr>
          <th></th>
          <th class="number">p50</th>
          <th class="number">p99</th>
          <th class="number">mean of /metrics</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, p50, p99, mean]) =>
            html`<tr>
              <td>${name}</td>
              <td class="number">${milliseconds(p50)}</td>
              <td class="number">${milliseconds(p99)}</td>
              <td class="number">${mean === null ? '' : milliseconds(mean)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="quiet">
      The thread that made the load was busy ${(100 * generator.busy).toFixed(0)}&nbsp;% of the time; at most
      ${generator.mostInFlight} requests were under way.
      ${metrics === null && 'The server does not show its /metrics, or only with a key.'}
    </p>`
}
