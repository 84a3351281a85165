import { Command } from 'commander'
import { asLines, entriesOf, errorsAsCsv } from '../collections/jobs/job-lines.js'
import { isOver, type Job } from '../collections/jobs/job.js'
import { largestPage } from '../collections/ranges.js'
import { wholeNumber } from './exit.js'
import { duration } from './indexing/import-reporter.js'
import { readJobs, type JobsOf } from './jobs-of.js'
import { keyOption } from './key-option.js'
import { openClient } from './remote/open-client.js'
import { addSettings } from './setting-options.js'

interface Flags extends JobsOf {
  readonly limit: number
  readonly json?: true
}

/** `kindred jobs`: what was done to a store, how it went, and the rows that failed. */
export function jobsCommand(): Command {
  const command = withPlace(new Command('jobs').enablePositionalOptions())
    .description('List the jobs of a store, the newest first; also while one is running.')
    .option('--limit <n>', 'how many', wholeNumber(1, largestPage), 20)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  kindred jobs\n  kindred jobs errors 4f2a09c1b7de > failed.csv\n  kindred jobs cancel 4f2a09c1b7de --url http://127.0.0.1:8080',
    )
    .action(async ({ limit, json, ...place }: Flags) => {
      const { items } = await readJobs(command, place, (jobs) => jobs.list({ limit }))
      process.stdout.write(json ? `${JSON.stringify({ items })}\n` : items.map(line).join(''))
    })

  const errors = withPlace(new Command('errors'))
    .description('Print the rows of a job that failed, as CSV: row, id, code, reason.')
    .argument('<id>', 'the job')
    .option('--json', 'print one JSON array')
    .addHelpText('after', '\nExample:\n  kindred jobs errors 4f2a09c1b7de > failed.csv')
    .action((id: string, { json, ...place }: Flags) =>
      readJobs(errors, place, (jobs) => {
        const read = (page: Parameters<typeof jobs.errors>[1]) => jobs.errors(id, page)
        return print(json ? asArray(entriesOf(read)) : errorsAsCsv(read))
      }),
    )

  const result = withPlace(new Command('result'))
    .description('Print what a job found, such as groups of duplicates: one JSON object a line.')
    .argument('<id>', 'the job')
    .addHelpText('after', '\nExample:\n  kindred jobs result 4f2a09c1b7de > groups.jsonl')
    .action((id: string, place: Flags) =>
      readJobs(result, place, (jobs) => print(asLines((page) => jobs.results(id, page)))),
    )

  const cancel = new Command('cancel')
    .description('Stop a job of a running server after what is under way; what it did stays.')
    .argument('<id>', 'the job')
    .requiredOption('--url <url>', 'the server')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  kindred jobs cancel 4f2a09c1b7de --url http://127.0.0.1:8080')
    .action(async (id: string, { url, key, json }: { url: string; key?: string; json?: true }) => {
      // The contract describes a Job.
      const job = (await openClient(url, key).cancelJob({ path: { job: id } })) as Job
      const said = isOver(job) ? `${id} is ${job.state}` : `${id} stops after what is under way`
      process.stdout.write(json ? `${JSON.stringify(job)}\n` : `${said}\n`)
    })
  return command.addCommand(errors).addCommand(result).addCommand(cancel)
}

/** Where the jobs are: a store, which a server may hold, or a server somewhere else. */
function withPlace(command: Command): Command {
  command.option('--url <url>', 'ask a running server instead of reading the store').addOption(keyOption())
  return addSettings(command, ['store'])
}

async function print(parts: AsyncIterable<string>): Promise<void> {
  for await (const part of parts) process.stdout.write(part)
}

async function* asArray(entries: AsyncIterable<object>): AsyncGenerator<string> {
  let before = '['
  for await (const entry of entries) {
    yield before + JSON.stringify(entry)
    before = ','
  }
  yield before === '[' ? '[]\n' : ']\n'
}

function line(job: Job): string {
  const { id, kind, collection, source, state, counts, deleted, etaSeconds, error, createdAt } = job
  const { total, embedded, unchanged, failed } = counts
  const facts = [
    kind === 'import' || kind === 'dry-import' || kind === 'reindex'
      ? `${embedded} embedded, ${unchanged} unchanged, ${failed} failed`
      : `${total} items`,
    ...(deleted === 0 ? [] : [`${deleted} deleted`]),
    ...(state === 'running' && etaSeconds !== null ? [`${duration(etaSeconds)} left`] : []),
    ...(error === null ? [] : [`${error.code} ${error.reason}`]),
  ]
  const what = kind === 'import' ? source : `${kind} ${source}`
  return `${id}  ${createdAt}  ${state.padEnd(9)}  ${what} -> ${collection}: ${facts.join(', ')}\n`
}
