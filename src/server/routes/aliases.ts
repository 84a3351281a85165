import type { Alias, CollectionStore } from '../../collections/collection-store.js'
import { KindredError } from '../../errors.js'
import type { Handlers } from '../contract/operation-types.js'

/** /v1/aliases */
export const aliasHandlers = (
  store: CollectionStore,
): Pick<Handlers, 'listAliases' | 'getAlias' | 'putAlias' | 'deleteAlias'> => {
  const find = async (name: string): Promise<Alias> => {
    const found = (await store.listAliases()).find((alias) => alias.name === name)
    if (found === undefined) throw new KindredError('ALIAS_NOT_FOUND', `There is no alias ${name}`)
    return found
  }
  return {
    async listAliases() {
      return { status: 200, body: { items: await store.listAliases(), nextCursor: null } }
    },
    async getAlias({ path }) {
      return { status: 200, body: await find(path.alias) }
    },
    async putAlias({ path, body }) {
      await store.setAlias(path.alias, body.collection)
      return { status: 200, body: await find(path.alias) }
    },
    async deleteAlias({ path }) {
      await store.removeAlias(path.alias)
      return { status: 204 }
    },
  }
}
