import type { Interval } from '../bootstrap.js'
import type { NmiResult } from '../nmi.js'
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

export const nmiTile = ({ mean, spread }: Pick<NmiResult, 'mean' | 'spread'>): Html =>
  tile('NMI', percent(mean), html`<small>± ${percent(spread)} over 3 starts</small>`)
