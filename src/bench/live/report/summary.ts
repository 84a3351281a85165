import { html, type Html } from '../../../evaluation/report/html.js'
import { percent } from '../../../evaluation/report/numbers.js'
import { skipped } from '../../../evaluation/report/skipped.js'
import { intervalNote, nmiTile, tile } from '../../../evaluation/report/tile.js'
import type { BenchRun } from '../bench-run.js'
import type { LoadRun } from '../load/load-run.js'
import type { RetrievalRun } from '../retrieval/retrieval-run.js'
import { milliseconds, perSecond, shapeName } from './units.js'

/** What was measured, and the figures at a glance. */
export function benchSummary({
  collection,
  server,
  data,
  retrieval,
  load,
  createdAt,
  endedBy,
}: BenchRun): Html {
  return html`<header>
      <h1>${collection.name} on ${server.url}</h1>
      <p class="quiet"><code>${collection.model ?? 'no model'}</code> · ${createdAt}</p>
      <p>
        ${data.queries} queries from “${data.name}”, ${collection.counts.items} items.
        ${retrieval !== null && countsText(retrieval)}
      </p>
      ${endedBy != null && html`<p>The run ended early: ${endedBy.reason}.</p>`}
    </header>
    ${retrieval !== null && retrieval.failures.length > 0 && failures(retrieval)}
    <dl class="tiles">
      ${retrieval !== null && qualityTiles(retrieval)} ${load !== null && loadTiles(load)}
    </dl>`
}

const countsText = ({ counts }: RetrievalRun): string =>
  [
    counts.own > 0 && `${counts.own} of the queries are items themselves, and are never their own answer.`,
    counts.leftOut > 0 && `${counts.leftOut} more queries have nothing right to find and are in no figure.`,
    counts.absent > 0 && `${counts.absent} right answers are not in the collection.`,
  ]
    .filter(Boolean)
    .join(' ')

const failures = ({ failures }: RetrievalRun): Html =>
  skipped(
    `${failures.length} skipped`,
    'They could not be read, are too large, or are not in the collection, and are in no figure, unless they are left out of NMI alone.',
    failures,
  )

const qualityTiles = ({ recall, mapAtR, rPrecision, nmi, intervals }: RetrievalRun): Html =>
  html`${tile('Recall@1', percent(recall['1'] ?? NaN), intervalNote(intervals['recall@1']))}
  ${tile('MAP@R', percent(mapAtR), intervalNote(intervals['mapAtR']))}
  ${tile('R-precision', percent(rPrecision), intervalNote(intervals['rPrecision']))}
  ${nmi != null && nmiTile(nmi)}`

function loadTiles({ ramp, steps }: LoadRun): Html {
  if (ramp !== null) {
    const figure = ramp.rate === null ? '–' : perSecond(ramp.rate)
    return tile(
      'Highest rate held',
      figure,
      html`<small>searches/s with p99 within ${milliseconds(ramp.sloMs)}</small>`,
    )
  }
  const step = steps.at(-1)
  if (step === undefined) return html``
  const { latency, rate, sent, refused, failed } = step
  // A short p99 is no good sign where most were turned away.
  const lost = [refused > 0 && `${refused} refused`, failed > 0 && `${failed} failed`].filter(Boolean)
  return html`${latency !== null && tile('p99', milliseconds(latency.p99), html`<small>${shapeName(step.shape)}</small>`)}
  ${tile('Answered', `${perSecond(rate)}/s`, html`<small>${lost.length === 0 ? `all of ${sent}` : `${lost.join(', ')} of ${sent}`}</small>`)}`
}
