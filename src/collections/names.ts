import { isItemId, isItemName, itemIdRule } from '../datasets/item-id.js'
import { expected } from '../errors.js'

const collectionName = /^[a-z0-9][a-z0-9_-]{0,62}$/

/**
 * @param given what the message calls it
 * @throws KindredError INVALID_ARGUMENT unless `name` is `[a-z0-9][a-z0-9_-]{0,62}`
 */
export function checkCollectionName(name: string, given = 'name'): void {
  if (typeof name !== 'string' || !collectionName.test(name)) {
    throw expected(
      'a collection name of 1 to 63 of a-z, 0-9, _ and -, the first a letter or digit',
      given,
      name,
    )
  }
}

const snapshotName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** @throws KindredError INVALID_ARGUMENT unless `name` is a snapshot's (see Snapshot) */
export function checkSnapshotName(name: string): void {
  if (typeof name !== 'string' || !snapshotName.test(name)) {
    const wanted = 'a snapshot name of 1 to 128 letters, digits, ., _ and -, the first a letter or digit'
    throw expected(wanted, 'name', name)
  }
}

/** @throws KindredError INVALID_ARGUMENT unless `id` is an item id (see NewItem) */
export function checkItemId(id: string): void {
  if (!isItemId(id)) throw expected(itemIdRule, 'id', id)
}

/** @throws KindredError INVALID_ARGUMENT unless `group` is null or a text like an item id */
export function checkGroup(group: string | null): void {
  if (group !== null && !isItemName(group)) {
    throw expected('null or 1 to 512 bytes of UTF-8 without control characters', 'group', group)
  }
}

/** @throws KindredError INVALID_ARGUMENT unless `hash` is null or a SHA-256 in lower-case hex */
export function checkContentHash(hash: string | null): void {
  if (hash !== null && !(typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))) {
    throw expected('null or a SHA-256 in 64 lower-case hex digits', 'contentHash', hash)
  }
}
