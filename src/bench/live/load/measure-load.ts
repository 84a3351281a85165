import { createRandom, shuffle } from '../../../datasets/random.js'
import { KindredError } from '../../../errors.js'
import type { ImageLimits } from '../../../images/limits.js'
import { endingOf } from '../ending-of.js'
import type { BenchQuery } from '../retrieval/query.js'
import { readQuery, type ReadQuery } from '../retrieval/read-query.js'
import type { ServerFacts } from '../server-facts.js'
import type { LoadRun, LoadSettings, LoadShape, LoadStep, RampResult } from './load-run.js'
import { prepareRequest, type PreparedRequest } from './prepared-request.js'
import { ramp } from './ramp.js'
import { runStep } from './run-step.js'

export interface LoadPlan {
  readonly settings: LoadSettings
  /** Steps of their own, one after the other. */
  readonly shapes: readonly LoadShape[]
  /** Looks for the highest rate; null where that was not asked for. */
  readonly ramp: { readonly sloMs: number; readonly from: number; readonly most: number } | null
  /** Most queries that are held ready. */
  readonly distinct: number
}

export interface LoadParts {
  readonly url: string
  readonly key: string | undefined
  readonly collection: string
  readonly limits: ImageLimits
  readonly facts: Pick<ServerFacts, 'metrics'>
  readonly onStep?: (step: LoadStep) => void
  readonly signal?: AbortSignal
}

/** A query that was sent, for the record. */
export interface SentQuery {
  readonly id: string
  readonly contentHash: string | null
  readonly label: string | null
}

export interface MeasuredLoad {
  readonly run: LoadRun
  readonly sent: readonly SentQuery[]
  /** What ended it after some of its steps; null where nothing did. */
  readonly endedBy: KindredError | null
}

/**
 * Puts load on a running server: searches with the queries' pictures. Steps that are finished outlast what ends those after them.
 *
 * @param queries whose pictures are sent; those that cannot be read are not
 * @throws KindredError DATASET_INVALID where no query can be read; what ends it, while no step is finished
 */
export async function measureLoad(
  plan: LoadPlan,
  parts: LoadParts,
  queries: readonly BenchQuery[],
): Promise<MeasuredLoad> {
  const { settings } = plan
  const prepared = await prepareAll(plan, parts, queries)
  const requests = prepared.map(({ request }) => request)
  const steps: LoadStep[] = []
  const measure = async (shape: LoadShape): Promise<LoadStep> => {
    const seed = settings.seed + steps.length + 1
    const step = await runStep(shape, { ...parts, requests, settings, seed })
    steps.push(step)
    parts.onStep?.(step)
    return step
  }
  let found: RampResult | null = null
  let endedBy: KindredError | null = null
  try {
    for (const shape of plan.shapes) await measure(shape)
    if (plan.ramp !== null) {
      const atRate = (rate: number) => measure({ loop: 'open', arrivals: settings.arrivals, rate })
      found = (await ramp({ ...plan.ramp, measure: atRate })).result
    }
  } catch (thrown) {
    if (steps.length === 0) throw thrown
    endedBy = endingOf(thrown, parts.signal)
  }
  const bytes = requests.reduce((sum, { body }) => sum + body.length, 0)
  return {
    run: {
      settings,
      requests: { distinct: requests.length, meanBytes: bytes / requests.length },
      steps,
      ramp: found,
    },
    sent: prepared.map(({ query }) => query),
    endedBy,
  }
}

interface Prepared {
  readonly query: SentQuery
  readonly request: PreparedRequest
}

async function prepareAll(
  plan: LoadPlan,
  parts: LoadParts,
  queries: readonly BenchQuery[],
): Promise<Prepared[]> {
  const { limits, signal } = parts
  const { seed } = plan.settings
  const prepared: Prepared[] = []
  for (const query of shuffle([...queries], createRandom(seed))) {
    if (prepared.length >= plan.distinct) break
    signal?.throwIfAborted()
    const read = await readQuery(query, limits).catch(unlessUnreadable)
    if (read === null) continue
    const { id, label } = query
    prepared.push({
      query: { id, label, contentHash: read.contentHash },
      request: await prepare(read, plan.settings, parts),
    })
  }
  if (prepared.length > 0) return prepared
  throw new KindredError('DATASET_INVALID', 'None of the queries can be read')
}

const prepare = (
  { body }: ReadQuery,
  { k, ef }: LoadSettings,
  { url, key, collection }: LoadParts,
): Promise<PreparedRequest> => {
  const options = { k, exact: false, groupSize: 3, include: [], ...(ef !== null && { ef }) }
  return prepareRequest(url, key, (client) =>
    client.search({ path: { collection }, body: { ...body, ...options } }),
  )
}

/** Where quality is measured, too, it is listed there. */
function unlessUnreadable(thrown: unknown): null {
  if (thrown instanceof KindredError && thrown.code.startsWith('IMAGE_')) return null
  throw thrown
}
