import type { KindredError } from '../../errors.js'
import type { BenchPlan } from './bench-plan.js'
import type { BenchRun } from './bench-run.js'
import { dataFacts } from './data-facts.js'
import { environment } from './environment.js'
import { measureAll } from './measure-all.js'
import { gatherExamples, type Examples } from './report/gather-examples.js'

export interface BenchResult {
  readonly run: BenchRun
  readonly examples: Examples | null
  /** What ended it before all was measured; null where nothing did. */
  readonly endedBy: KindredError | null
}

/**
 * Runs what is planned against a running server, through its API alone. What ends it early, the signal among that, does not cost
 * what was measured to the end by then: quality, or steps of load.
 *
 * @throws KindredError what the server says, and the signal's reason when aborted, while nothing is measured to the end
 */
export async function benchmark(plan: BenchPlan): Promise<BenchResult> {
  const { url, client, facts, about, collection, queries, settings } = plan
  const measuredOn = environment(plan.kindred)
  const described = await client.getCollection({ path: { collection } })
  // Before the load: that a server did not survive it is a finding, and the file of it must be written.
  const server = { url: withoutPassword(url), version: await facts.version(), host: about.host }
  const { quality, load, endedBy } = await measureAll(plan, described)
  const run: BenchRun = {
    format: 'kindred-bench',
    version: 1,
    createdAt: new Date().toISOString(),
    command: plan.command,
    client: measuredOn,
    server,
    collection: described,
    data: dataFacts(queries.name, quality?.retrieval.queries ?? load?.sent ?? [], quality?.gallery ?? null),
    settings,
    retrieval: quality?.retrieval ?? null,
    load: load?.run ?? null,
    endedBy: endedBy && { code: endedBy.code, reason: endedBy.message },
  }
  const { list } = queries
  const examples =
    quality !== null && plan.pictures && plan.signal?.aborted !== true
      ? await gatherExamples(client, collection, quality.gallery, quality.retrieval, list, plan.limits)
      : null
  return { run, examples, endedBy }
}

/** An address without the name and password that may stand in it. */
export const withoutPassword = (text: string): string => text.replace(/^(https?:\/\/)[^/@]*@/, '$1')
