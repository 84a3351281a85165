import { KindredError } from '../../../errors.js'
import type { Gallery } from './gallery.js'
import type { BenchQuery } from './query.js'

/** Names of each side that a refusal shows. */
const shown = 3

/**
 * Finds out before anything is asked that nothing could be right: most often the class stands in another field.
 *
 * @throws KindredError DATASET_INVALID that tells what both sides have
 */
export function refuseIfNoneRight(
  collection: string,
  gallery: Gallery,
  queries: readonly BenchQuery[],
  labelField: string,
): void {
  const { labels, byLabel } = gallery
  const isAnswerable = ({ label, relevant }: BenchQuery): boolean =>
    relevant === null ? label !== null && byLabel.has(label) : relevant.some((id) => labels.has(id))
  if (queries.some(isAnswerable)) return
  const refuse = (what: string, hint: string): never => {
    throw new KindredError('DATASET_INVALID', what, { hint })
  }
  if (labels.size === 0) refuse(`${collection} has no items`, 'kindred index --url puts some in.')
  const relevant = queries.flatMap((query) => query.relevant ?? [])
  if (relevant.length > 0) {
    refuse(
      `${collection} has none of the right answers`,
      `They are ${some(relevant)}; the ids of its items ${some(labels.keys())}.`,
    )
  }
  if (byLabel.size === 0) {
    refuse(
      `No item of ${collection} has a class: ${labelField} is empty in all of them`,
      '--label-field names the metadata field that holds it, or group.',
    )
  }
  refuse(
    `No item of ${collection} has a class of the queries`,
    `In ${labelField} its items have ${some(byLabel.keys())}; the queries are ${some(queries.flatMap(({ label }) => label ?? []))}. --label-field names another field.`,
  )
}

function some(names: Iterable<string>): string {
  const all = [...new Set(names)]
  const first = all.slice(0, shown).map((name) => JSON.stringify(name))
  return first.join(', ') + (all.length > shown ? ', ...' : '')
}
