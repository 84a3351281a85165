import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerFacts } from '../server-facts.js'
import { arrivalTimes } from './arrivals.js'
import { bottlenecksOf } from './generator-health.js'
import { LoadRecorder } from './load-recorder.js'
import type { LoadSettings, LoadShape, LoadStep } from './load-run.js'
import { closedLoop, openLoop } from './loops.js'
import type { PreparedRequest } from './prepared-request.js'
import { openConnections, send } from './send.js'
import { serverTimes } from './server-times.js'

export interface StepParts {
  readonly url: string
  /** Sent in turn. */
  readonly requests: readonly PreparedRequest[]
  readonly facts: Pick<ServerFacts, 'metrics'>
  readonly settings: LoadSettings
  /** Of this step's arrivals. */
  readonly seed: number
  readonly signal?: AbortSignal
}

/** Makes load of one shape for as long as the settings say, and tells what became of it. */
export async function runStep(shape: LoadShape, parts: StepParts): Promise<LoadStep> {
  const { url, requests, facts, settings, seed, signal } = parts
  const { seconds, warmUp, connections, timeoutSeconds } = settings
  const agent = openConnections(url, connections)
  const recorder = new LoadRecorder()
  const began = performance.eventLoopUtilization()
  const started = performance.now()
  // What the server did during the warm-up does not count there, either.
  const metricsBefore = sleep(warmUp * 1000, undefined, signal && { signal }).then(
    () => facts.metrics(),
    () => null,
  )
  const counting = started + warmUp * 1000
  let inFlight = 0
  let mostInFlight = 0
  let last = counting
  const sendOne = async (index: number, due: number): Promise<void> => {
    const request = requests[index % requests.length]
    if (request === undefined) return
    mostInFlight = Math.max(mostInFlight, ++inFlight)
    const sent = await send(request, agent, due, timeoutSeconds * 1000)
    inFlight--
    if (due < counting) return
    last = Math.max(last, performance.now())
    recorder.add(sent, due - counting, request.body.length)
  }
  try {
    const span = { seconds: warmUp + seconds, seed }
    if (shape.loop === 'closed') await closedLoop(shape.clients, span.seconds, sendOne, signal)
    else {
      const times = arrivalTimes(shape.arrivals, { rate: shape.rate, ...span })
      await openLoop(times, sendOne, { started, ...(signal && { signal }) })
    }
  } finally {
    agent.destroy()
  }
  const busy = performance.eventLoopUtilization(began).utilization
  const { late, ...result } = recorder.result()
  // The last answer of a slow rate comes before the time is over, in which more could have come.
  const took = Math.max(seconds, (last - counting) / 1000)
  return {
    shape,
    seed,
    offered: offeredRate(shape, result.sent, seconds),
    seconds: took,
    rate: result.answered / took,
    ...result,
    metrics: serverTimes(await metricsBefore, await facts.metrics()),
    generator: {
      late,
      busy,
      mostInFlight,
      bottlenecks: bottlenecksOf({ latency: result.latency, late, busy, mostInFlight, connections }),
    },
  }
}

/** Even arrivals come at their rate, whichever of them the seconds that count begin and end with. */
function offeredRate(shape: LoadShape, due: number, seconds: number): number | null {
  if (shape.loop === 'closed') return null
  return shape.arrivals === 'constant' ? shape.rate : due / seconds
}
