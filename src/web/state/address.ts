import { readFilter, type Filter } from './filter.js'

export const views = ['search', 'catalogue', 'jobs', 'models'] as const
export type View = (typeof views)[number]

/** One thing that answers should be like, or unlike. A photo lies in this tab alone, under the id it got there. */
export type Example =
  | { readonly kind: 'item'; readonly id: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'photo'; readonly id: string }

/** x0, y0, x1, y1 as shares of the upright picture's width and height. */
export type Crop = readonly [number, number, number, number]

/** All that the page shows, as it stands in the address bar. */
export interface Address {
  readonly view: View
  /** null: the page chooses. */
  readonly collection: string | null
  readonly like: readonly Example[]
  readonly unlike: readonly Example[]
  /** Of the one picture that is searched with. */
  readonly crop: Crop | null
  readonly filter: Filter
  readonly k: number
  readonly minScore: number | null
  readonly groupBy: string | null
  /** The model whose card is open. */
  readonly model: string | null
}

export const defaultK = 20

export const home: Address = {
  view: 'search',
  collection: null,
  like: [],
  unlike: [],
  crop: null,
  filter: {},
  k: defaultK,
  minScore: null,
  groupBy: null,
  model: null,
}

/**
 * Reads the part of an address behind the `?`. What makes no sense there is as if it were absent, and a number that is too
 * small or too large is the nearest one that is not.
 */
export function readAddress(search: string): Address {
  const given = new URLSearchParams(search)
  const view = views.find((one) => one === given.get('view')) ?? home.view
  const k = Math.round(Number(given.get('k') || NaN))
  const minScore = Number(given.get('min') || NaN)
  return {
    view,
    collection: given.get('collection') || null,
    like: given.getAll('like').flatMap(readExample),
    unlike: given.getAll('unlike').flatMap(readExample),
    crop: readCrop(given.get('crop')),
    filter: readFilter(given.get('filter')),
    k: Number.isInteger(k) ? Math.max(1, k) : defaultK,
    minScore: Number.isNaN(minScore) ? null : Math.max(-1, Math.min(1, minScore)),
    groupBy: given.get('group') || null,
    model: given.get('model') || null,
  }
}

/** The opposite of `readAddress`, as short as can be: `?`, or nothing where all is as at first. */
export function writeAddress(address: Address): string {
  const given = new URLSearchParams()
  const { view, collection, like, unlike, crop, filter, k, minScore, groupBy, model } = address
  if (view !== home.view) given.set('view', view)
  if (collection !== null) given.set('collection', collection)
  for (const example of like) given.append('like', writeExample(example))
  for (const example of unlike) given.append('unlike', writeExample(example))
  if (crop !== null) given.set('crop', crop.map((share) => share.toFixed(3)).join(','))
  if (Object.keys(filter).length > 0) given.set('filter', JSON.stringify(filter))
  if (k !== defaultK) given.set('k', String(k))
  if (minScore !== null) given.set('min', String(minScore))
  if (groupBy !== null) given.set('group', groupBy)
  if (model !== null) given.set('model', model)
  const text = given.toString()
  return text === '' ? '' : `?${text}`
}

const writeExample = (example: Example): string =>
  `${example.kind}:${example.kind === 'url' ? example.url : example.id}`

function readExample(text: string): Example[] {
  const colon = text.indexOf(':')
  const rest = text.slice(colon + 1)
  if (colon < 0 || rest === '') return []
  switch (text.slice(0, colon)) {
    case 'item':
      return [{ kind: 'item', id: rest }]
    case 'photo':
      return [{ kind: 'photo', id: rest }]
    case 'url':
      return [{ kind: 'url', url: rest }]
    default:
      return []
  }
}

function readCrop(text: string | null): Crop | null {
  const [x0 = NaN, y0 = NaN, x1 = NaN, y1 = NaN] = (text ?? '').split(',').map(Number)
  return x0 >= 0 && y0 >= 0 && x1 <= 1 && y1 <= 1 && x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : null
}
