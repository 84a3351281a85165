import type { Answer } from '../../client/client.js'
import type { KindredError } from '../../errors.js'
import type { BenchPlan } from './bench-plan.js'
import { endingOf } from './ending-of.js'
import { measureLoad, type MeasuredLoad } from './load/measure-load.js'
import { readGallery, type Gallery } from './retrieval/gallery.js'
import { measureNmi, type MeasuredNmi } from './retrieval/measure-nmi.js'
import { measureRetrieval } from './retrieval/measure-retrieval.js'
import type { BenchQuery } from './retrieval/query.js'
import type { RetrievalRun } from './retrieval/retrieval-run.js'

/** What was measured to the end. */
export interface Measured {
  readonly quality: { readonly gallery: Gallery; readonly retrieval: RetrievalRun } | null
  readonly load: MeasuredLoad | null
  /** What ended it before all was; null where nothing did. */
  readonly endedBy: KindredError | null
}

/**
 * Measures what is planned, quality before load.
 *
 * @throws KindredError what the server says, and the signal's reason when aborted, while nothing is measured to the end
 */
export async function measureAll(plan: BenchPlan, described: Answer<'getCollection'>): Promise<Measured> {
  const quality = plan.retrieval && (await measureQuality(plan, plan.retrieval, described))
  // What the server does not take would be counted among its failures.
  const taken = quality?.taken ?? plan.queries.list
  let nmi: MeasuredNmi | null = null
  let load: MeasuredLoad | null = null
  let endedBy: KindredError | null = null
  try {
    if (quality !== null && described.model !== null && plan.retrieval?.nmi === true) {
      nmi = await nmiOf(plan, described.model, taken)
    }
    load = plan.load && (await measureLoad(plan.load, plan, taken))
    endedBy = load?.endedBy ?? null
  } catch (thrown) {
    if (quality === null) throw thrown
    endedBy = endingOf(thrown, plan.signal)
  }
  if (quality === null) return { quality, load, endedBy }
  const { gallery, retrieval } = quality
  return { quality: { gallery, retrieval: withNmi(retrieval, nmi) }, load, endedBy }
}

interface Quality {
  readonly gallery: Gallery
  readonly retrieval: RetrievalRun
  /** Queries that the server answered. */
  readonly taken: readonly BenchQuery[]
}

async function measureQuality(
  plan: BenchPlan,
  retrieval: NonNullable<BenchPlan['retrieval']>,
  { counts }: Answer<'getCollection'>,
): Promise<Quality> {
  const { client, about, collection, queries, settings, onProgress, signal } = plan
  const gallery = await readGallery(client, collection, {
    labelField: settings.labelField,
    onProgress: (done) => onProgress?.('listing the collection', done, counts.items),
    ...(signal && { signal }),
  })
  const measured = await measureRetrieval(client, collection, gallery, queries.list, {
    ...settings,
    ...retrieval,
    pageSize: about.k,
    limits: plan.limits,
    onProgress: (done, total) => onProgress?.('asking', done, total),
    ...(signal && { signal }),
  })
  const skipped = new Set(measured.failures.map(({ path }) => path))
  return { gallery, retrieval: measured, taken: queries.list.filter(({ id }) => !skipped.has(id)) }
}

function nmiOf(
  { client, about, settings, limits, onProgress, signal }: BenchPlan,
  model: string,
  queries: readonly BenchQuery[],
): Promise<MeasuredNmi> {
  const { seed, concurrency } = settings
  return measureNmi(client, model, queries, {
    ...{ seed, concurrency, limits, imageBytes: about.imageBytes },
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  })
}

function withNmi(retrieval: RetrievalRun, measured: MeasuredNmi | null): RetrievalRun {
  const failures = [...retrieval.failures, ...(measured?.failures ?? [])]
  const counts = { ...retrieval.counts, failed: failures.length }
  return { ...retrieval, nmi: measured?.nmi ?? null, counts, failures }
}
