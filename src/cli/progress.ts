import { SingleBar } from 'cli-progress'

export interface Progress {
  /** Done so far; `note` stands beside the bar (a loss, a count of failures). */
  readonly update: (done: number, note?: string) => void
  readonly stop: () => void
}

const secondsBetweenLines = 5

/**
 * Progress on standard error: a bar with ETA on a terminal, a plain line every few seconds elsewhere, so that logs
 * stay readable. Silent where `quiet`.
 *
 * @param total of the same unit as `update`; undefined where it is not known beforehand
 */
export function startProgress(title: string, total: number | undefined, quiet = false): Progress {
  if (quiet) return { update: () => undefined, stop: () => undefined }
  if (process.stderr.isTTY && total !== undefined) return startBar(title, total)
  return startLines(title, total)
}

function startBar(title: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total} · {duration_formatted} gone, {eta_formatted} left {note}`,
    barsize: 24,
    hideCursor: true,
    etaBuffer: 50,
    stream: process.stderr,
  })
  let started = false
  return {
    update: (done, note = '') => {
      const shown = { note: note === '' ? '' : `· ${note}` }
      // From where the first update stands: what an earlier bar or run did must not count as done in no time.
      if (started) bar.update(done, shown)
      else bar.start(total, done, shown)
      started = true
    },
    stop: () => {
      if (started) bar.stop()
    },
  }
}

function startLines(title: string, total: number | undefined): Progress {
  const began = performance.now()
  let printed = began
  let first: { done: number; at: number } | undefined
  let last: { done: number; note: string } | undefined
  const print = ({ done, note }: { done: number; note: string }): void => {
    const now = performance.now()
    const seconds = (now - began) / 1000
    const share = total === undefined ? '' : `/${total}`
    const rate = first === undefined ? 0 : (1000 * (done - first.done)) / (now - first.at)
    const left = total === undefined || !(rate > 0) ? '' : `, ${((total - done) / rate).toFixed(0)} s left`
    process.stderr.write(
      `${title} ${done}${share} (${seconds.toFixed(0)} s${left})${note === '' ? '' : ` ${note}`}\n`,
    )
  }
  return {
    update: (done, note = '') => {
      first ??= { done, at: performance.now() }
      last = { done, note }
      if (performance.now() - printed < secondsBetweenLines * 1000) return
      printed = performance.now()
      print(last)
      last = undefined
    },
    stop: () => {
      if (last !== undefined) print(last)
    },
  }
}
