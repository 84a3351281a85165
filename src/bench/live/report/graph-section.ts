import { html, type Html } from '../../../evaluation/report/html.js'
import { percent } from '../../../evaluation/report/numbers.js'
import type { GraphRecall, RetrievalRun } from '../retrieval/retrieval-run.js'
import { milliseconds } from './units.js'

/** What the graph misses of exact answers and what it saves, and where the server's time goes. */
export function graphSection({ graph, timings }: RetrievalRun): Html {
  return html`<section id="graph">
    <h2>The graph, and the server's time</h2>
    ${graph === null ? html`<p class="quiet">Exact answers were not asked for (--exact).</p>` : graphTable(graph)}
    <h3>An answer, in the mean</h3>
    <table>
      <tbody>
        ${(['decode', 'embed', 'search', 'total'] as const).map(
          (stage) =>
            html`<tr>
              <td>${stage}</td>
              <td class="number">${milliseconds(timings[stage])}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="quiet">As the server says in its answers, while quality was measured; waiting is in it.</p>
  </section>`
}

function graphTable({ recall, walked, asked, graphMs, exactMs }: GraphRecall): Html {
  if (graphMs === null || exactMs === null) {
    return html`<p class="quiet">
      The server compared with every item by itself: the collection is so small that a walk through the graph
      would take longer.
    </p>`
  }
  return html`<p class="quiet">
      Of the K nearest items, how many the graph found: ${walked} of ${asked} queries were answered by it. A
      search took ${milliseconds(graphMs)}; comparing with every item, ${milliseconds(exactMs)}.
    </p>
    <table>
      <thead>
        <tr>
          <th>K</th>
          <th class="number">found by the graph</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(recall).map(
          ([k, share]) =>
            html`<tr>
              <td>${k}</td>
              <td class="number">${percent(share, 2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}
