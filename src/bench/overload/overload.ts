import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PhotoRequest } from '../photo-request.js'

export interface OverloadParts {
  readonly url: string
  readonly collection: string
  readonly photos: readonly PhotoRequest[]
  /** Clients that measure the capacity. */
  readonly atOnce: number
  /** Times the capacity that is offered. */
  readonly factor: number
  readonly seconds: number
  /** Connections that the photos go through, as a proxy in front of the server would have them; opened beforehand. */
  readonly connections: number
}

export interface Answer {
  /** HTTP status; 0 where the connection broke. */
  readonly status: number
  /** From when it was due to when its answer had come whole. */
  readonly ms: number
  /** From when it was due to when it was sent: the client's own delay. */
  readonly lateMs: number
}

export interface OverloadResult {
  /** Photos a second. */
  readonly capacity: number
  readonly offered: number
  readonly answers: readonly Answer[]
  /** From when the first photo was sent to when the last was answered. */
  readonly seconds: number
  /** GET /health/ready during the overload. */
  readonly health: readonly Answer[]
  /** GET of an item during the overload. */
  readonly reads: readonly Answer[]
}

const probeEvery = 50

/** Measures the capacity of a server, then offers several times as much at a fixed rate. */
export async function overload(parts: OverloadParts): Promise<OverloadResult> {
  const { url, collection, seconds, factor, connections } = parts
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections })
  const probes = new Agent({ keepAlive: true })
  try {
    // The first round fills caches and lets the engine compile; it is not counted.
    await measureCapacity(parts, agent, seconds / 4)
    const capacity = await measureCapacity(parts, agent, seconds)
    const item = await firstItem(url, collection)
    const live = `${url}/health/live`
    await Promise.all(
      Array.from({ length: connections }, () => send(live, 'GET', {}, undefined, agent, performance.now())),
    )
    const over = new AbortController()
    const probing = [
      probe(`${url}/health/ready`, probes, over.signal),
      probe(`${url}/v1/collections/${collection}/items/${item}`, probes, over.signal),
    ] as const
    const started = performance.now()
    const answers = await offer(parts, agent, capacity * factor)
    const took = (performance.now() - started) / 1000
    over.abort()
    const [health, reads] = await Promise.all(probing)
    return { capacity, offered: answers.length / seconds, answers, seconds: took, health, reads }
  } finally {
    agent.destroy()
    probes.destroy()
  }
}

/** So many clients, each of which sends its next photo when the one before is answered. @returns photos a second */
async function measureCapacity(
  { url, collection, photos, atOnce }: OverloadParts,
  agent: Agent,
  seconds: number,
): Promise<number> {
  const started = performance.now()
  let served = 0
  const client = async (first: number): Promise<void> => {
    for (let at = first; performance.now() - started < seconds * 1000; at += atOnce) {
      const { status } = await search(url, collection, photos, at, agent, performance.now())
      if (status === 200) served++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, first) => client(first)))
  return served / ((performance.now() - started) / 1000)
}

/** Sends each photo when it is due, whatever became of those before. */
async function offer(
  { url, collection, photos, seconds }: OverloadParts,
  agent: Agent,
  rate: number,
): Promise<Answer[]> {
  const started = performance.now()
  const answers: Promise<Answer>[] = []
  for (let at = 0; at < rate * seconds; at++) {
    const due = started + (1000 * at) / rate
    // Timers are coarser than a millisecond, so those that are due are sent together.
    if (due > performance.now()) await sleep(due - performance.now())
    answers.push(search(url, collection, photos, at, agent, due))
  }
  return Promise.all(answers)
}

async function probe(url: string, agent: Agent, signal: AbortSignal): Promise<Answer[]> {
  const answers: Promise<Answer>[] = []
  while (!signal.aborted) {
    answers.push(send(url, 'GET', {}, undefined, agent, performance.now()))
    await sleep(probeEvery)
  }
  return Promise.all(answers)
}

function search(
  url: string,
  collection: string,
  photos: readonly PhotoRequest[],
  at: number,
  agent: Agent,
  due: number,
): Promise<Answer> {
  const photo = photos[at % photos.length]
  const target = `${url}/v1/collections/${collection}/search`
  return send(target, 'POST', photo?.headers ?? {}, photo?.body, agent, due)
}

const send = (
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | undefined,
  agent: Agent,
  due: number,
): Promise<Answer> =>
  new Promise((resolve) => {
    const lateMs = performance.now() - due
    const end = (status: number): void => {
      resolve({ status, ms: performance.now() - due, lateMs })
    }
    const sent = request(url, { method, headers, agent }, (answer) => {
      answer.resume()
      answer.once('error', () => {
        end(0)
      })
      answer.once('end', () => {
        end(answer.statusCode ?? 0)
      })
    })
    sent.once('error', () => {
      end(0)
    })
    sent.end(body)
  })

async function firstItem(url: string, collection: string): Promise<string> {
  const answer = await fetch(`${url}/v1/collections/${collection}/items?limit=1`)
  const { items } = (await answer.json()) as { items: readonly { readonly id: string }[] }
  return encodeURIComponent(items[0]?.id ?? '')
}
