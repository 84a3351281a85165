import { createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import type { Snapshot } from '../collections/snapshot-store.js'
import { KindredError } from '../errors.js'
import { keyOption } from './key-option.js'
import { openClient } from './remote/open-client.js'
import { remoteSnapshots } from './remote/remote-snapshots.js'
import { addSettings, configOf } from './setting-options.js'
import { withStore } from './with-store.js'
import { snapshotsHere, type SnapshotCommands } from './snapshot-commands.js'

interface Flags {
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** `kindred snapshots`: copies of collections, one file each. */
export function snapshotsCommand(): Command {
  const parent = new Command('snapshots')
    .description('Take snapshots of collections, carry them to another machine, put them back.')
    .addHelpText(
      'after',
      '\nExamples:\n  kindred snapshots create shop\n  kindred snapshots restore shop 20261125T120000Z\n  kindred snapshots export shop 20261125T120000Z shop.tar',
    )

  add('create <collection> [name]', 'take one; it is named by the time unless a name is given').action(
    withSnapshots(async (snapshots, collection: string, name?: string) => {
      const snapshot = await snapshots.create(collection, name)
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  add('list <collection>', 'list them, the oldest first').action(
    withSnapshots(async (snapshots, collection: string) => {
      const list = await snapshots.list(collection)
      return { result: { items: list }, text: list.map((one) => `${line(one)}\n`).join('') }
    }),
  )
  add('restore <collection> <name> [into]', 'put one in the place of its collection, or into another').action(
    withSnapshots(async (snapshots, from: string, name: string, into?: string) => {
      const collection = await snapshots.restore(from, name, into)
      const { counts } = collection
      return { result: collection, text: `${collection.name}: ${counts.items} items, as of ${name}\n` }
    }),
  )
  add('roll-back <collection>', 'put back what the last restore or change of model replaced').action(
    withSnapshots(async (snapshots, name: string) => {
      const collection = await snapshots.rollBack(name)
      return { result: collection, text: `${collection.name}: ${collection.counts.items} items\n` }
    }),
  )
  add('drop-previous <collection>', 'remove what is kept to roll back to').action(
    withSnapshots(async (snapshots, name: string) => {
      await snapshots.dropPrevious(name)
      return { result: { collection: name }, text: `${name}: nothing is kept to roll back to\n` }
    }),
  )
  add('export <collection> <name> <file>', 'write one to a file').action(
    withSnapshots(async (snapshots, collection: string, name: string, file: string) => {
      const { snapshot, content } = await snapshots.read(collection, name)
      // A file that is there may be all that is left of another snapshot.
      await pipeline(content, createWriteStream(file, { flags: 'wx' })).catch((cause: unknown) => {
        throw new KindredError('INVALID_ARGUMENT', `${file} cannot be written: ${String(cause)}`, { cause })
      })
      return { result: snapshot, text: `${file}: ${snapshot.bytes} bytes\n` }
    }),
  )
  add('import <collection> <name> <file>', 'take in a file that export wrote').action(
    withSnapshots(async (snapshots, collection: string, name: string, file: string) => {
      if (!existsSync(file)) throw new KindredError('INVALID_ARGUMENT', `There is no file ${file}`)
      const snapshot = await snapshots.addFile(collection, name, file)
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  add('delete <collection> <name>', 'remove one').action(
    withSnapshots(async (snapshots, collection: string, name: string) => {
      await snapshots.remove(collection, name)
      return { result: { deleted: name }, text: `deleted ${name}\n` }
    }),
  )
  return parent

  function add(usage: string, description: string): Command {
    const command = new Command().name(usage.split(' ')[0] ?? '').description(description)
    command.arguments(usage.split(' ').slice(1).join(' '))
    command
      .option('--url <url>', 'go through a running server instead of opening the store')
      .addOption(keyOption())
    command.option('--json', 'print one JSON object')
    addSettings(command, ['store'])
    command.exitOverride()
    parent.addCommand(command)
    return command
  }
}

const line = ({ name, counts, bytes, createdAt }: Snapshot): string =>
  `${name}  ${counts.items} items  ${bytes} bytes  ${createdAt}`

/** An action on the snapshots of a store or of a server; what it gives is printed. */
function withSnapshots(
  use: (snapshots: SnapshotCommands, ...args: string[]) => Promise<{ result: object; text: string }>,
): (...args: unknown[]) => Promise<void> {
  return async (...given) => {
    // commander puts the options and the command after the arguments.
    const command = given.at(-1) as Command
    const args = given.slice(0, -2) as string[]
    const { url, key, json } = command.opts<Flags>()
    const { result, text } =
      url === undefined
        ? await withStore(configOf(command).store, (store) => use(snapshotsHere(store), ...args))
        : await use(remoteSnapshots(openClient(url, key)), ...args)
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text)
  }
}
