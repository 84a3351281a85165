import { readAddress } from './address.js'

/** Parameters that stand in an address. */
const known = new Set([
  ...['view', 'collection', 'like', 'unlike', 'crop'],
  ...['filter', 'k', 'min', 'group', 'model'],
])

/**
 * What an address asks for and does not get, in words; none where all of it is to be had.
 *
 * @param search the part of the address behind the `?`
 * @param mostAnswers that the server gives
 */
export function addressMisfits(search: string, mostAnswers: number): string[] {
  const given = new URLSearchParams(search)
  const { view, like, unlike, crop, filter, k, minScore } = readAddress(search)
  const answers = Math.min(k, mostAnswers)
  const unread = Object.entries({
    view: given.get('view') !== view,
    like: given.getAll('like').length > like.length,
    unlike: given.getAll('unlike').length > unlike.length,
    crop: crop === null,
    filter: Object.keys(filter).length === 0,
  }).flatMap(([name, isUnread]) => (isUnread ? name : []))
  const wanted = { k: given.get('k'), min: given.get('min') }
  return [
    ...(wanted.k !== null && Number(wanted.k) !== answers ? [`k=${wanted.k}: ${answers} answers`] : []),
    ...(wanted.min !== null && Number(wanted.min) !== minScore
      ? [`min=${wanted.min}: ${minScore === null ? 'any score' : `a score of at least ${minScore}`}`]
      : []),
    ...[...new Set(given.keys())]
      .filter((name) => !known.has(name) || unread.includes(name))
      .map((name) => `${name}: left out`),
  ]
}
