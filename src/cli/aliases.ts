import { Command } from 'commander'
import type { Alias } from '../collections/collection-store.js'
import { keyOption } from './key-option.js'
import { openClient } from './remote/open-client.js'
import { addSettings, configOf } from './setting-options.js'
import { withStore } from './with-store.js'

interface Flags {
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

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

  add('list', 'list them').action(
    withAliases(async (all) => {
      const items = await all.list()
      return {
        result: { items },
        text: items.map(({ name, collection }) => `${name} -> ${collection}\n`).join(''),
      }
    }),
  )
  add('set <name> <collection>', 'make one, or point it elsewhere').action(
    withAliases(async (all, name = '', collection = '') => {
      await all.set(name, collection)
      return { result: { name, collection }, text: `${name} -> ${collection}\n` }
    }),
  )
  add('remove <name>', 'remove one; its collection stays').action(
    withAliases(async (all, name = '') => {
      await all.remove(name)
      return { result: { removed: name }, text: `removed ${name}\n` }
    }),
  )
  return aliases

  function add(usage: string, description: string): Command {
    const [name = '', ...args] = usage.split(' ')
    const command = new Command().name(name).description(description)
    for (const arg of args) command.argument(arg)
    command.option('--url <url>', 'go through a running server instead of opening the store')
    command.addOption(keyOption()).option('--json', 'print one JSON object')
    addSettings(command, ['store'])
    command.exitOverride()
    aliases.addCommand(command)
    return command
  }
}

function withAliases(
  use: (all: AliasCommands, ...args: string[]) => Promise<{ result: object; text: string }>,
): (...args: unknown[]) => Promise<void> {
  return async (...given) => {
    // commander puts the options and the command after the arguments.
    const command = given.at(-1) as Command
    const args = given.slice(0, -2) as string[]
    const { url, key, json } = command.opts<Flags>()
    const { result, text } =
      url === undefined
        ? await withStore(configOf(command).store, (store) =>
            use(
              {
                list: () => store.listAliases(),
                set: (name, collection) => store.setAlias(name, collection),
                remove: (name) => store.removeAlias(name),
              },
              ...args,
            ),
          )
        : await use(remoteAliases(url, key), ...args)
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text)
  }
}

function remoteAliases(url: string, key: string | undefined): AliasCommands {
  const client = openClient(url, key)
  return {
    list: async () => (await client.listAliases()).items,
    async set(alias, collection) {
      await client.putAlias({ path: { alias }, body: { collection } })
    },
    async remove(alias) {
      await client.deleteAlias({ path: { alias } })
    },
  }
}
