import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import type { CollectionStore } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import type { Snapshot } from '../collections/snapshot-store.js'
import { KindredError } from '../errors.js'
import { createLogger } from '../log.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags {
  readonly json?: true
}

/** `kindred snapshots`: copies of collections, one file each. */
export function snapshotsCommand(): Command {
  const snapshots = new Command('snapshots')
    .description('Take snapshots of collections, carry them to another machine, put them back.')
    .addHelpText(
      'after',
      '\nExamples:\n  kindred snapshots create shop\n  kindred snapshots restore shop 20261125T120000Z\n  kindred snapshots export shop 20261125T120000Z shop.tar',
    )

  add('create <collection> [name]', 'take one; it is named by the time unless a name is given').action(
    withStore(async (store, collection: string, name?: string) => {
      const snapshot = await store.snapshots.create(collection, name)
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  add('list <collection>', 'list them, the oldest first').action(
    withStore(async (store, collection: string) => {
      const list = await store.snapshots.list(collection)
      return { result: { items: list }, text: list.map((one) => `${line(one)}\n`).join('') }
    }),
  )
  add('restore <collection> <name> [into]', 'put one in the place of its collection, or into another').action(
    withStore(async (store, from: string, name: string, into?: string) => {
      const collection = await store.snapshots.restore(from, name, into)
      const { counts } = collection
      return { result: collection, text: `${collection.name}: ${counts.items} items, as of ${name}\n` }
    }),
  )
  add('roll-back <collection>', 'put back what the last restore or change of model replaced').action(
    withStore(async (store, name: string) => {
      const collection = await store.rollBack(name)
      return { result: collection, text: `${collection.name}: ${collection.counts.items} items\n` }
    }),
  )
  add('drop-previous <collection>', 'remove what is kept to roll back to').action(
    withStore(async (store, name: string) => {
      await store.dropPrevious(name)
      return { result: { collection: name }, text: `${name}: nothing is kept to roll back to\n` }
    }),
  )
  add('export <collection> <name> <file>', 'write one to a file').action(
    withStore(async (store, collection: string, name: string, file: string) => {
      const { snapshot, content } = await store.snapshots.read(collection, name)
      // A file that is there may be all that is left of another snapshot.
      await pipeline(content, createWriteStream(file, { flags: 'wx' })).catch((cause: unknown) => {
        throw new KindredError('INVALID_ARGUMENT', `${file} cannot be written: ${String(cause)}`, { cause })
      })
      return { result: snapshot, text: `${file}: ${snapshot.bytes} bytes\n` }
    }),
  )
  add('import <collection> <name> <file>', 'take in a file that export wrote').action(
    withStore(async (store, collection: string, name: string, file: string) => {
      if (!existsSync(file)) throw new KindredError('INVALID_ARGUMENT', `There is no file ${file}`)
      const snapshot = await store.snapshots.add(collection, name, createReadStream(file))
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  add('delete <collection> <name>', 'remove one').action(
    withStore(async (store, collection: string, name: string) => {
      await store.snapshots.remove(collection, name)
      return { result: { deleted: name }, text: `deleted ${name}\n` }
    }),
  )
  return snapshots

  function add(usage: string, description: string): Command {
    const command = new Command().name(usage.split(' ')[0] ?? '').description(description)
    command.arguments(usage.split(' ').slice(1).join(' '))
    command.option('--json', 'print one JSON object')
    addSettings(command, ['store'])
    command.exitOverride()
    snapshots.addCommand(command)
    return command
  }
}

const line = ({ name, counts, bytes, createdAt }: Snapshot): string =>
  `${name}  ${counts.items} items  ${bytes} bytes  ${createdAt}`

/** An action over the store, which is closed after it; what it gives is printed. */
function withStore(
  use: (store: CollectionStore, ...args: string[]) => Promise<{ result: object; text: string }>,
): (...args: unknown[]) => Promise<void> {
  return async (...given) => {
    // commander puts the options and the command after the arguments.
    const command = given.at(-1) as Command
    const args = given.slice(0, -2) as string[]
    const store = await openEmbeddedStore(configOf(command).store, { logger: createLogger('warn') })
    try {
      const { result, text } = await use(store, ...args)
      process.stdout.write(command.opts<Flags>().json ? `${JSON.stringify(result)}\n` : text)
    } finally {
      await store.close()
    }
  }
}
