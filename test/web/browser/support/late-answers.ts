import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'

/**
 * `KINDRED_TEST_LATENCY=800 npm run test:web` holds every request to the API back, each by another time of up to so many
 * milliseconds: a test that reads the page without waiting for what it expects fails then. `KINDRED_TEST_SEED` draws other times.
 */
const mostMs = Number(process.env['KINDRED_TEST_LATENCY'] ?? 0)
const seed = process.env['KINDRED_TEST_SEED'] ?? '1'

/** An app whose answers are as late as the environment asks for; by itself the app as it is. */
export function withLateAnswers(app: RequestListener): RequestListener {
  if (mostMs === 0) return app
  /** By method and address, so that a request waits as long whatever else is asked for meanwhile. */
  const asked = new Map<string, number>()
  return (req, res) => {
    if (req.url?.startsWith('/v1/') !== true) {
      app(req, res)
      return
    }
    const what = `${req.method} ${req.url}`
    const nth = asked.get(what) ?? 0
    asked.set(what, nth + 1)
    setTimeout(
      () => {
        // Who has given up meanwhile asks for nothing any more.
        if (!res.destroyed) app(req, res)
      },
      share(`${seed} ${what} ${nth}`) * mostMs,
    )
  }
}

/** @returns 0 to 1, evenly spread */
const share = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
