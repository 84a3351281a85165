import { KindredError } from '../errors.js'

/**
 * Lets a set pass as long as no more than a share of its pictures cannot be read.
 *
 * @throws KindredError DATASET_INVALID with the first unreadable ones
 */
export function checkUnreadable(
  unreadable: readonly { readonly path: string; readonly reason: string }[],
  images: number,
  share: number,
): void {
  if (unreadable.length <= share * images) return
  const shown = unreadable.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`)
  throw new KindredError(
    'DATASET_INVALID',
    `${unreadable.length} of ${images} pictures cannot be read, such as ${shown.join(', ')}`,
    { hint: 'The setting unreadableShare says how many are skipped.' },
  )
}
