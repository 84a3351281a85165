import { KindredError } from '../errors.js'
import type { Collection, CollectionSpec } from './collection.js'

/** Settings that were asked for by name; what is absent may be as it is. */
export type AskedSettings = Partial<
  Pick<CollectionSpec, 'fields' | 'hnsw' | 'keep' | 'thumbnailSide' | 'probabilities'>
>

/** @throws KindredError COLLECTION_EXISTS where a setting was asked for that the collection has not */
export function refuseOtherSettings(
  has: Collection,
  { keep, thumbnailSide, probabilities, hnsw = {}, fields = {} }: AskedSettings,
): void {
  const nested = [
    ...Object.entries(hnsw).map(([name, value]) => [`hnsw.${name}`, valueOf(has.hnsw, name), value]),
    ...Object.entries(fields).map(([name, type]) => [`fields.${name}`, valueOf(has.fields, name), type]),
  ]
  const settings = [
    ['keep', has.keep, keep],
    ['thumbnailSide', has.thumbnailSide, thumbnailSide],
    ['probabilities', has.probabilities, probabilities],
    ...nested,
  ]
  const other = settings.find(([, is, wanted]) => wanted !== undefined && wanted !== is)
  if (other === undefined) return
  const [setting, is, wanted] = other
  throw new KindredError(
    'COLLECTION_EXISTS',
    `The collection ${has.name} exists with ${setting} ${is ?? 'not set'}, not ${wanted ?? ''}`,
    {
      field: String(setting),
      hint:
        'Leave it out to go on with the collection as it is, or make another collection. ' +
        `Through a server, PATCH /v1/collections/${has.name} changes what can be changed.`,
    },
  )
}

/** A name such as `constructor` is nobody's setting. */
const valueOf = (settings: object, name: string): string | number | undefined =>
  Object.hasOwn(settings, name) ? (settings as Record<string, string | number>)[name] : undefined
