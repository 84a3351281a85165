import { Command } from 'commander'
import type { CollectionStore } from '../collections/collection-store.js'
import type { Client } from '../client/client.js'
import { keyOption } from './key-option.js'
import { openClient } from './remote/open-client.js'
import { addSettings, configOf } from './setting-options.js'
import { withStore } from './with-store.js'

interface Flags {
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/**
 * A command below `parent` whose action is a `storeAction`.
 *
 * @param usage its name and arguments: `set <name> <collection>`
 */
export function storeCommand(parent: Command, usage: string, description: string): Command {
  const [name = '', ...args] = usage.split(' ')
  const command = new Command().name(name).description(description)
  for (const arg of args) command.argument(arg)
  command
    .option('--url <url>', 'go through a running server instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, ['store'])
  command.exitOverride()
  parent.addCommand(command)
  return command
}

/** What an action gives: `result` is printed with --json, `text` without. */
export interface Printed {
  readonly result: object
  readonly text: string
}

/**
 * An action on a store, or on that of a server where --url names one; what it gives is printed.
 *
 * @param here what the action works with on a store, `there` through a server
 */
export const storeAction =
  <T>(here: (store: CollectionStore) => T, there: (client: Client) => T) =>
  (use: (on: T, ...args: string[]) => Promise<Printed>) =>
  async (...given: unknown[]): Promise<void> => {
    // commander puts the options and the command after the arguments.
    const command = given.at(-1) as Command
    const args = given.slice(0, -2) as string[]
    const { url, key, json } = command.opts<Flags>()
    const { result, text } =
      url === undefined
        ? await withStore(configOf(command).store, (store) => use(here(store), ...args))
        : await use(there(openClient(url, key)), ...args)
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text)
  }
