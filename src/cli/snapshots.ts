import { createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import type { Snapshot } from '../collections/snapshot-store.js'
import { KindredError } from '../errors.js'
import { remoteSnapshots } from './remote/remote-snapshots.js'
import { snapshotsHere } from './snapshot-commands.js'
import { storeAction, storeCommand } from './store-command.js'

/** `kindred snapshots`: copies of collections, one file each. */
export function snapshotsCommand(): Command {
  const parent = new Command('snapshots')
    .description('Take snapshots of collections, carry them to another machine, put them back.')
    .addHelpText(
      'after',
      '\nExamples:\n  kindred snapshots create shop\n  kindred snapshots restore shop 20261125T120000Z\n  kindred snapshots export shop 20261125T120000Z shop.tar',
    )

  storeCommand(
    parent,
    'create <collection> [name]',
    'take one; it is named by the time unless a name is given',
  ).action(
    withSnapshots(async (snapshots, collection: string, name?: string) => {
      const snapshot = await snapshots.create(collection, name)
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  storeCommand(parent, 'list <collection>', 'list them, the oldest first').action(
    withSnapshots(async (snapshots, collection: string) => {
      const list = await snapshots.list(collection)
      return { result: { items: list }, text: list.map((one) => `${line(one)}\n`).join('') }
    }),
  )
  storeCommand(
    parent,
    'restore <collection> <name> [into]',
    'put one in the place of its collection, or into another',
  ).action(
    withSnapshots(async (snapshots, from: string, name: string, into?: string) => {
      const collection = await snapshots.restore(from, name, into)
      const { counts } = collection
      return { result: collection, text: `${collection.name}: ${counts.items} items, as of ${name}\n` }
    }),
  )
  storeCommand(
    parent,
    'roll-back <collection>',
    'put back what the last restore or change of model replaced',
  ).action(
    withSnapshots(async (snapshots, name: string) => {
      const collection = await snapshots.rollBack(name)
      return { result: collection, text: `${collection.name}: ${collection.counts.items} items\n` }
    }),
  )
  storeCommand(parent, 'drop-previous <collection>', 'remove what is kept to roll back to').action(
    withSnapshots(async (snapshots, name: string) => {
      await snapshots.dropPrevious(name)
      return { result: { collection: name }, text: `${name}: nothing is kept to roll back to\n` }
    }),
  )
  storeCommand(parent, 'export <collection> <name> <file>', 'write one to a file').action(
    withSnapshots(async (snapshots, collection: string, name: string, file: string) => {
      const { snapshot, content } = await snapshots.read(collection, name)
      // A file that is there may be all that is left of another snapshot.
      await pipeline(content, createWriteStream(file, { flags: 'wx' })).catch((cause: unknown) => {
        throw new KindredError('INVALID_ARGUMENT', `${file} cannot be written: ${String(cause)}`, { cause })
      })
      return { result: snapshot, text: `${file}: ${snapshot.bytes} bytes\n` }
    }),
  )
  storeCommand(parent, 'import <collection> <name> <file>', 'take in a file that export wrote').action(
    withSnapshots(async (snapshots, collection: string, name: string, file: string) => {
      if (!existsSync(file)) throw new KindredError('INVALID_ARGUMENT', `There is no file ${file}`)
      const snapshot = await snapshots.addFile(collection, name, file)
      return { result: snapshot, text: `${line(snapshot)}\n` }
    }),
  )
  storeCommand(parent, 'delete <collection> <name>', 'remove one').action(
    withSnapshots(async (snapshots, collection: string, name: string) => {
      await snapshots.remove(collection, name)
      return { result: { deleted: name }, text: `deleted ${name}\n` }
    }),
  )
  return parent
}

const line = ({ name, counts, bytes, createdAt }: Snapshot): string =>
  `${name}  ${counts.items} items  ${bytes} bytes  ${createdAt}`

const withSnapshots = storeAction(snapshotsHere, remoteSnapshots)
