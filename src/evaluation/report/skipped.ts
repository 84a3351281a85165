import type { EmbedFailure } from '../embed-pictures.js'
import { html, type Html } from './html.js'

/** What could not be measured, one by one. */
export const skipped = (title: string, why: string, failures: readonly EmbedFailure[]): Html =>
  html`<section class="warn">
    <h2>${title}</h2>
    <p>${why}</p>
    <details>
      <summary>Which</summary>
      <ul>
        ${failures.map(({ path, code, reason }) => html`<li><code>${path}</code> ${code}: ${reason}</li>`)}
      </ul>
    </details>
  </section>`
