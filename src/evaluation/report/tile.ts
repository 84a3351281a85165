import type { Interval } from '../bootstrap.js'
import { html, type Html } from './html.js'
import { percent } from './numbers.js'

/** A figure at a glance. */
export const tile = (name: string, figure: string, note: Html | false = false): Html =>
  html`<div class="tile">
    <dt>${name}</dt>
    <dd>
      <div class="figure">${figure}</div>
      ${note}
    </dd>
  </div>`

export const intervalNote = (interval: Pick<Interval, 'low' | 'high'> | undefined): Html | false =>
  interval !== undefined && html`<small>95 %: ${percent(interval.low)} to ${percent(interval.high)}</small>`
