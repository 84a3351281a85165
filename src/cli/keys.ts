import { Command, Option } from 'commander'
import { checkCollectionName } from '../collections/names.js'
import { KindredError } from '../errors.js'
import type { ApiKey } from '../server/access/api-key.js'
import { KeyRecords } from '../server/access/key-records.js'
import { scopes, type Scope } from '../server/access/scope.js'
import { readExpiry } from './expiry.js'
import { keyVariable } from './key-option.js'
import { addSettings, configOf } from './setting-options.js'

interface CreateFlags {
  readonly scope: Scope
  readonly name?: string
  readonly collections?: string
  readonly expires?: string
  readonly json?: true
}

/** `kindred keys`: who may use the server. Works beside a running one, which heeds changes from the next request on. */
export function keysCommand(): Command {
  const keys = new Command('keys')
    .description('Make, list and revoke API keys of a store, also while a server runs.')
    .addHelpText(
      'after',
      `\nExamples:\n  kindred keys create --scope search --collections shop --name "web shop"\n  export ${keyVariable.name}=$(kindred keys create --scope write --expires 90d)\n  kindred keys list\n  kindred keys revoke 4f2a09c1b7de`,
    )

  const create = add(new Command('create'))
    .description(
      'Make a key and print it, this once. From the first one on, the server takes no request without.',
    )
    .addOption(
      new Option('--scope <scope>', 'what it may do; each includes those before it')
        .choices(scopes)
        .makeOptionMandatory(),
    )
    .option('--name <text>', 'what people call it')
    .option('--collections <a,b>', 'only these collections or aliases, with commas between (default: all)')
    .option('--expires <when>', 'until when it counts: 12h, 90d or 2030-01-31 (default: for ever)')
    .addHelpText('after', '\nExample:\n  kindred keys create --scope search --collections shop --expires 90d')
    .action(({ scope, name = '', collections, expires, json }: CreateFlags) => {
      const wanted = {
        name: checkName(name),
        scope,
        collections: collections === undefined ? null : readCollections(collections),
        expiresAt: expires === undefined ? null : readExpiry(expires, Date.now()),
      }
      const records = KeyRecords.open(configOf(create).store)
      try {
        const { key, made } = records.create(wanted)
        if (!json) process.stderr.write(`made ${line(made)}keep the key: it is not shown again\n`)
        process.stdout.write(json ? `${JSON.stringify({ key, ...made })}\n` : `${key}\n`)
      } finally {
        records.close()
      }
    })

  const list = add(new Command('list'))
    .description('List the keys, the oldest first; not what they are, only what they may do.')
    .action(({ json }: { json?: true }) => {
      const records = KeyRecords.openForReading(configOf(list).store)
      try {
        const items = records?.list() ?? []
        process.stdout.write(json ? `${JSON.stringify({ items })}\n` : items.map(line).join(''))
      } finally {
        records?.close()
      }
    })

  const revoke = add(new Command('revoke'))
    .description('Let a key count no more, from the next request on.')
    .argument('<id>', 'the id of the key, as list shows it')
    .action((id: string, { json }: { json?: true }) => {
      const records = KeyRecords.open(configOf(revoke).store)
      try {
        const revoked = records.revoke(id)
        process.stdout.write(json ? `${JSON.stringify(revoked)}\n` : `revoked ${line(revoked)}`)
      } finally {
        records.close()
      }
    })

  return keys

  function add(command: Command): Command {
    keys.addCommand(addSettings(command.option('--json', 'print one JSON object'), ['store']))
    return command.exitOverride()
  }
}

function line(key: ApiKey): string {
  const { id, name, scope, collections, createdAt, expiresAt, revokedAt } = key
  const facts = [
    id,
    scope.padEnd(6),
    createdAt,
    collections === null ? 'all collections' : collections.join(','),
    ...(expiresAt === null
      ? []
      : [`${Date.parse(expiresAt) > Date.now() ? 'expires' : 'expired'} ${expiresAt}`]),
    ...(revokedAt === null ? [] : [`revoked ${revokedAt}`]),
    ...(name === '' ? [] : [name]),
  ]
  return `${facts.join('  ')}\n`
}

function readCollections(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) checkCollectionName(name, '--collections')
  return [...new Set(names)]
}

function checkName(name: string): string {
  // It is printed on a line, to a terminal.
  if (name.length <= 200 && !/\p{Cc}/u.test(name)) return name
  throw new KindredError('INVALID_ARGUMENT', '--name takes up to 200 characters, without control characters')
}
