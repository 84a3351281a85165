import type { Agent } from 'node:http'
import type { CollectionStore } from '../../src/collections/collection-store.js'
import { createRandom, shuffle } from '../../src/datasets/random.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { prepareInput } from '../../src/images/prepare-input.js'
import { median, quantile } from '../../src/bench/quantile.js'
import { KindredError } from '../../src/errors.js'
import { prepareSearch, type PreparedRequest } from '../../src/bench/live/load/prepared-request.js'
import { openConnections, send } from '../../src/bench/live/load/send.js'

export interface ServeLatencyParts {
  readonly photos: readonly Uint8Array<ArrayBuffer>[]
  readonly collection: string
  readonly k: number
  /** How often every photo is taken. */
  readonly repeats: number
  /** Decides the order of the photos in each repeat. */
  readonly seed: number
  /** The running server. */
  readonly url: string
  /** The same parts in this process: a network of the same bundle, a store with the same items. */
  readonly embedder: Embedder
  readonly store: CollectionStore
}

/** Milliseconds: medians over the photos of one repeat. */
export interface RepeatLatency {
  readonly decode: number
  readonly embed: number
  readonly search: number
  /** Median of each photo's decode + embed + search, measured alone. */
  readonly sum: number
  /** What the client waited. */
  readonly answered: number
  readonly answeredP95: number
  /** answered / sum. */
  readonly ratio: number
}

interface Sample {
  readonly decode: number
  readonly embed: number
  readonly search: number
  readonly answered: number
}

/**
 * Compares what a client waits for a search by photo, one at a time, with what decoding, embedding and searching take
 * by themselves. Both are measured for one photo directly after the other, so that a slow moment of the machine hits
 * both alike.
 */
export async function measureServeLatency(parts: ServeLatencyParts): Promise<RepeatLatency[]> {
  const { photos, collection, k, repeats, seed, url } = parts
  const agent = openConnections(url, 1)
  const prepared = await Promise.all(
    photos.map(async (photo) => ({ photo, request: await prepareSearch(url, collection, photo, k) })),
  )
  const sample = async ({
    photo,
    request,
  }: {
    photo: Uint8Array
    request: PreparedRequest
  }): Promise<Sample> => ({
    ...(await timeAlone(photo, parts)),
    answered: await timeAnswer(request, agent),
  })
  try {
    const random = createRandom(seed)
    // The first round fills caches and lets the engine compile; it is not counted.
    for (const each of prepared) await sample(each)
    const rounds: RepeatLatency[] = []
    for (let round = 0; round < repeats; round++) {
      const samples: Sample[] = []
      for (const each of shuffle(prepared, random)) samples.push(await sample(each))
      rounds.push(summarise(samples))
    }
    return rounds
  } finally {
    agent.destroy()
  }
}

/**
 * @returns milliseconds from before the request is written to when its answer has come whole
 * @throws KindredError INVALID_REQUEST with the server's answer where it is not 200
 */
async function timeAnswer(request: PreparedRequest, agent: Agent): Promise<number> {
  const { status, text, ms } = await send(request, agent, performance.now())
  if (status !== 200) throw new KindredError('INVALID_REQUEST', `${request.url} answered ${status}: ${text}`)
  return ms
}

async function timeAlone(
  photo: Uint8Array,
  { embedder, store, collection, k }: ServeLatencyParts,
): Promise<Omit<Sample, 'answered'>> {
  const started = performance.now()
  const input = await prepareInput(photo, embedder.input)
  const decoded = performance.now()
  const [embedding = new Float32Array()] = await embedder.embed([input])
  const embedded = performance.now()
  await store.search(collection, { embedding, k })
  return { decode: decoded - started, embed: embedded - decoded, search: performance.now() - embedded }
}

function summarise(samples: readonly Sample[]): RepeatLatency {
  const sum = median(samples.map(({ decode, embed, search }) => decode + embed + search))
  const answers = samples.map(({ answered }) => answered)
  return {
    decode: median(samples.map(({ decode }) => decode)),
    embed: median(samples.map(({ embed }) => embed)),
    search: median(samples.map(({ search }) => search)),
    sum,
    answered: median(answers),
    answeredP95: quantile(answers, 0.95),
    ratio: median(answers) / sum,
  }
}
