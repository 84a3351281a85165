import path from 'node:path'
import type { Client } from '../../../client/client.js'
import { bestAndWorst, examplesOfEachSide } from '../../../evaluation/report/best-and-worst.js'
import type { ShownExample, ShownPicture } from '../../../evaluation/report/report.js'
import { thumbnail, thumbnailOfBytes } from '../../../evaluation/report/thumbnail.js'
import type { ImageLimits } from '../../../images/limits.js'
import type { Gallery } from '../retrieval/gallery.js'
import type { BenchQuery } from '../retrieval/query.js'
import type { QueryRecord, RetrievalRun } from '../retrieval/retrieval-run.js'

export interface Examples {
  readonly best: readonly ShownExample[]
  readonly worst: readonly ShownExample[]
}

/** Queries shown on each side. */
const shownQueries = 6

/**
 * The worst and the best queries with pictures: the queries' own from here, those of answers from the server. One that
 * cannot be had is shown as gone.
 */
export async function gatherExamples(
  client: Client,
  collection: string,
  gallery: Gallery,
  retrieval: RetrievalRun,
  queries: readonly BenchQuery[],
  limits: ImageLimits,
): Promise<Examples> {
  const { queries: records } = retrieval
  const classOf = ({ id, label }: QueryRecord): string => label ?? `query ${id}`
  const each = examplesOfEachSide(new Set(records.map(classOf)).size, shownQueries)
  const { best, worst } = bestAndWorst(records, records, each, classOf)
  const byId = new Map(queries.map((query) => [query.id, query]))

  const pictureOf = async (id: string): Promise<string | null> => {
    const answer = await client.getItemImage({ path: { collection, id }, query: { size: 'thumbnail' } })
    return thumbnailOfBytes(new Uint8Array(await answer.arrayBuffer()), limits)
  }
  const itemPicture = async (id: string): Promise<ShownPicture> => ({
    label: (gallery.labels.get(id) ?? []).join(', '),
    name: id,
    source: await pictureOf(id).catch(() => null),
  })
  const queryPicture = async ({ id, label }: QueryRecord): Promise<ShownPicture> => {
    const asks = byId.get(id)?.asks
    if (asks === undefined || 'itemId' in asks) return { ...(await itemPicture(id)), label: label ?? '' }
    const source = await thumbnail(asks.picture, limits).catch(() => null)
    return { label: label ?? '', name: path.basename(id), source }
  }
  // One after the other: a page of pictures is no reason to be a load.
  const show = async (chosen: readonly QueryRecord[]): Promise<ShownExample[]> => {
    const shown: ShownExample[] = []
    for (const record of chosen) {
      const answers: ShownExample['answers'][number][] = []
      for (const { id, score, right } of record.answers) {
        answers.push({ ...(await itemPicture(id)), score, right })
      }
      shown.push({ query: await queryPicture(record), mapAtR: record.mapAtR, answers })
    }
    return shown
  }
  return { best: await show(best), worst: await show(worst) }
}
