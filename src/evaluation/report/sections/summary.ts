import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import type { Report } from '../report.js'
import { skipped } from '../skipped.js'
import { intervalNote, nmiTile, tile } from '../tile.js'

/** What was measured on what, and the figures at a glance. */
export function summary({ evaluation, manifest, failures }: Report): Html {
  const { data, recall, rPrecision, mapAtR, nmi, nmiSpread, counts } = evaluation
  const interval = (key: string): Html | false => intervalNote(evaluation.intervals[key])
  const leftOut =
    counts.leftOut > 0 && html`, ${counts.leftOut} more left out because they are alone in their class`
  return html`<header>
      <h1>${manifest.name} on ${data}</h1>
      <p class="quiet"><code>${evaluation.model}</code> · ${manifest.description}</p>
      <p>
        ${counts.queries} queries of ${counts.classes} classes, each looked for in a gallery of
        ${counts.gallery} pictures${leftOut}. A query is never its own answer.
      </p>
    </header>
    ${
      failures.length > 0 &&
      skipped(
        `${failures.length} ${failures.length === 1 ? 'picture was' : 'pictures were'} skipped`,
        'They could not be read and are in no figure.',
        failures,
      )
    }
    <dl class="tiles">
      ${tile('Recall@1', percent(recall['1'] ?? NaN), interval('recall@1'))}
      ${tile('MAP@R', percent(mapAtR), interval('mapAtR'))}
      ${tile('R-precision', percent(rPrecision), interval('rPrecision'))}
      ${nmiTile({ mean: nmi, spread: nmiSpread })}
    </dl>`
}
