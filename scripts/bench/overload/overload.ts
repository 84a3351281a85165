import type { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { arrivalTimes } from '../../../src/bench/live/load/arrivals.js'
import { closedLoop, openLoop } from '../../../src/bench/live/load/loops.js'
import type { PreparedRequest } from '../../../src/bench/live/load/prepared-request.js'
import { openConnections, send, type Sent } from '../../../src/bench/live/load/send.js'

export interface OverloadParts {
  readonly url: string
  readonly collection: string
  /** Searches by photo, ready to be sent. */
  readonly photos: readonly PreparedRequest[]
  /** Clients that measure the capacity. */
  readonly atOnce: number
  /** Times the capacity that is offered. */
  readonly factor: number
  readonly seconds: number
  /** Connections that the photos go through, as a proxy in front of the server would have them; opened beforehand. */
  readonly connections: number
}

/** What became of a request; status 0 where the connection broke. */
export type Answer = Pick<Sent, 'status' | 'ms' | 'lateMs'>

export interface OverloadResult {
  /** Photos a second. */
  readonly capacity: number
  readonly offered: number
  readonly answers: readonly Answer[]
  /** From when the first photo was sent to when the last was answered. */
  readonly seconds: number
  /** Of the machine, that this client took during the overload. */
  readonly clientCores: number
  /** GET /health/ready during the overload. */
  readonly health: readonly Answer[]
  /** GET of an item during the overload. */
  readonly reads: readonly Answer[]
}

const probeEvery = 50

/** Measures the capacity of a server, then offers several times as much at a fixed rate. */
export async function overload(parts: OverloadParts): Promise<OverloadResult> {
  const { url, collection, seconds, factor, connections } = parts
  const agent = openConnections(url, connections)
  const probes = openConnections(url, Infinity)
  try {
    // The first round fills caches and lets the engine compile; it is not counted.
    await measureCapacity(parts, agent, seconds / 4)
    const capacity = await measureCapacity(parts, agent, seconds)
    const item = await firstItem(url, collection)
    const live = `${url}/health/live`
    await Promise.all(Array.from({ length: connections }, () => send(get(live), agent, performance.now())))
    const over = new AbortController()
    const probing = [
      probe(`${url}/health/ready`, probes, over.signal),
      probe(`${url}/v1/collections/${collection}/items/${item}`, probes, over.signal),
    ] as const
    const [started, worked] = [performance.now(), process.cpuUsage()]
    const answers = await offer(parts, agent, capacity * factor)
    const took = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(worked)
    const clientCores = (user + system) / 1e6 / took
    over.abort()
    const [health, reads] = await Promise.all(probing)
    return { capacity, offered: answers.length / seconds, answers, seconds: took, clientCores, health, reads }
  } finally {
    agent.destroy()
    probes.destroy()
  }
}

/** @returns photos a second of so many clients, each of which sends its next when the one before is answered */
async function measureCapacity(
  { photos, atOnce }: OverloadParts,
  agent: Agent,
  seconds: number,
): Promise<number> {
  const started = performance.now()
  const answers = await closedLoop(atOnce, seconds, sender(photos, agent))
  const served = answers.filter(({ status }) => status === 200).length
  return served / ((performance.now() - started) / 1000)
}

/** Sends each photo when it is due, whatever became of those before. */
const offer = ({ photos, seconds }: OverloadParts, agent: Agent, rate: number): Promise<Answer[]> =>
  openLoop(arrivalTimes('constant', { rate, seconds, seed: 0 }), sender(photos, agent))

async function probe(url: string, agent: Agent, signal: AbortSignal): Promise<Answer[]> {
  const answers: Promise<Answer>[] = []
  while (!signal.aborted) {
    answers.push(send(get(url), agent, performance.now()))
    await sleep(probeEvery)
  }
  return Promise.all(answers)
}

/** The photos in turn. */
const sender =
  (photos: readonly PreparedRequest[], agent: Agent) =>
  async (at: number, due: number): Promise<Answer> => {
    const photo = photos[at % photos.length]
    if (photo === undefined) return { status: 0, ms: 0, lateMs: 0 }
    const { status, ms, lateMs } = await send(photo, agent, due)
    return { status, ms, lateMs }
  }

const get = (url: string): PreparedRequest => ({ url, method: 'GET', headers: {}, body: Buffer.alloc(0) })

async function firstItem(url: string, collection: string): Promise<string> {
  const answer = await fetch(`${url}/v1/collections/${collection}/items?limit=1`)
  const { items } = (await answer.json()) as { items: readonly { readonly id: string }[] }
  return encodeURIComponent(items[0]?.id ?? '')
}
