import { Command } from 'commander'
import type { Client } from '../client/client.js'
import type { Alias, CollectionStore } from '../collections/collection-store.js'
import { storeAction, storeCommand } from './store-command.js'

/** Aliases of a store, or of a server's. */
interface AliasCommands {
  list(): Promise<readonly Alias[]>
  set(name: string, collection: string): Promise<void>
  remove(name: string): Promise<void>
}

/** `kindred aliases`: names that stand for a collection, and can be moved to another at once. */
export function aliasesCommand(): Command {
  const aliases = new Command('aliases')
    .description(
      'Names that stand for a collection wherever its own does, and can be moved to another at once.',
    )
    .addHelpText('after', '\nExamples:\n  kindred aliases set shop shop-2026\n  kindred aliases list')

  storeCommand(aliases, 'list', 'list them').action(
    withAliases(async (all) => {
      const items = await all.list()
      return {
        result: { items },
        text: items.map(({ name, collection }) => `${name} -> ${collection}\n`).join(''),
      }
    }),
  )
  storeCommand(aliases, 'set <name> <collection>', 'make one, or point it elsewhere').action(
    withAliases(async (all, name = '', collection = '') => {
      await all.set(name, collection)
      return { result: { name, collection }, text: `${name} -> ${collection}\n` }
    }),
  )
  storeCommand(aliases, 'remove <name>', 'remove one; its collection stays').action(
    withAliases(async (all, name = '') => {
      await all.remove(name)
      return { result: { removed: name }, text: `removed ${name}\n` }
    }),
  )
  return aliases
}

const aliasesHere = (store: CollectionStore): AliasCommands => ({
  list: () => store.listAliases(),
  set: (name, collection) => store.setAlias(name, collection),
  remove: (name) => store.removeAlias(name),
})

const remoteAliases = (client: Client): AliasCommands => ({
  list: async () => (await client.listAliases()).items,
  async set(alias, collection) {
    await client.putAlias({ path: { alias }, body: { collection } })
  },
  async remove(alias) {
    await client.deleteAlias({ path: { alias } })
  },
})

const withAliases = storeAction(aliasesHere, remoteAliases)
