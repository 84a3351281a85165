import { Command, InvalidArgumentError } from 'commander'
import type { DuplicateGroup } from '../collections/collection-store.js'
import { untilInterrupted } from './interrupt.js'
import { keyOption } from './key-option.js'
import { openClient } from './remote/open-client.js'
import { followRemoteJob } from './remote/remote-job.js'
import { addSettings, configOf } from './setting-options.js'
import { withStore } from './with-store.js'

interface Flags {
  readonly collection: string
  readonly threshold: number
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** `kindred duplicates`: groups of items that look the same. */
export function duplicatesCommand(): Command {
  const command = new Command('duplicates')
    .description('Find groups of items whose embeddings are alike, the largest group first.')
    .requiredOption('--collection <name>', 'collection to look through')
    .option('--threshold <cosine>', 'similarity from which two items are alike', cosine, 0.97)
    .option('--url <url>', 'let a running server look instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, ['store', 'maxDuplicates'])
  return command
    .addHelpText('after', '\nExample:\n  kindred duplicates --collection shop --threshold 0.99')
    .action(async ({ collection, threshold, url, key, json }: Flags) => {
      const { store, maxDuplicates: most } = configOf(command)
      const { result: groups } = await untilInterrupted((signal) =>
        url === undefined
          ? withStore(store, (opened) => opened.findDuplicates(collection, { threshold, most, signal }))
          : findThere(url, key, collection, threshold, signal),
      )
      process.stdout.write(json ? `${JSON.stringify({ items: groups })}\n` : groups.map(line).join(''))
    })
}

async function findThere(
  url: string,
  key: string | undefined,
  collection: string,
  threshold: number,
  signal: AbortSignal,
): Promise<DuplicateGroup[]> {
  const client = openClient(url, key)
  const { id } = await client.createDuplicates({ path: { collection }, body: { threshold } })
  const { state } = await followRemoteJob(client, id, { signal })
  if (state === 'cancelled') signal.throwIfAborted()
  const groups: DuplicateGroup[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof client.listJobResult>> = await client.listJobResult({
      path: { job: id },
      query: { limit: 1000, ...(cursor !== null && { cursor }) },
    })
    groups.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return groups
}

const line = ({ items }: DuplicateGroup): string =>
  `${items.map(({ id, similarity }) => `${id} (${similarity.toFixed(4)})`).join('  ')}\n`

function cosine(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0.5 && value <= 1))
    throw new InvalidArgumentError('Expected 0.5 to 1.')
  return value
}
