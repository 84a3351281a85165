import { Command } from 'commander'
import { JobRecords } from '../collections/jobs/job-records.js'
import type { Job, JobError } from '../collections/jobs/job.js'
import { largestPage } from '../collections/ranges.js'
import type { Page, PageRequest } from '../collections/collection-store.js'
import { csvLine } from '../datasets/csv-line.js'
import { KindredError } from '../errors.js'
import { wholeNumber } from './exit.js'
import { duration } from './indexing/import-reporter.js'
import { addSettings, configOf } from './setting-options.js'

/** `kindred jobs`: what was imported into a store, how it went, and the rows that failed. */
export function jobsCommand(): Command {
  const command = new Command('jobs')
    .description('List the jobs of a store, the newest first; also while one is running.')
    .option('--limit <n>', 'how many', wholeNumber(1, largestPage), 20)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  kindred jobs\n  kindred jobs errors 4f2a09c1b7de > failed.csv')
    .action(({ limit, json }: { limit: number; json?: true }) => {
      const jobs = reading(command, (records) => records?.list({ limit }).items ?? [])
      process.stdout.write(json ? `${JSON.stringify({ items: jobs })}\n` : jobs.map(line).join(''))
    })
  // What comes after `errors` is its own.
  addSettings(command.enablePositionalOptions(), ['store'])

  const errors = new Command('errors')
    .description('Print the rows of a job that failed, as CSV: row, id, code, reason.')
    .argument('<id>', 'the job')
    .option('--json', 'print one JSON array')
    .addHelpText('after', '\nExample:\n  kindred jobs errors 4f2a09c1b7de > failed.csv')
    .action((id: string, { json }: { json?: true }) => {
      reading(errors, (records) => {
        if (records === null) throw new KindredError('JOB_NOT_FOUND', `There is no job ${id}`)
        printErrors((page) => records.errors(id, page), json === true)
      })
    })
  addSettings(errors, ['store'])
  return command.addCommand(errors)
}

function reading<T>(command: Command, use: (records: JobRecords | null) => T): T {
  const records = JobRecords.openForReading(configOf(command).store)
  try {
    return use(records)
  } finally {
    records?.close()
  }
}

/** Page by page: millions of rows may have failed. */
function printErrors(read: (page: PageRequest) => Page<JobError>, json: boolean): void {
  process.stdout.write(json ? '[' : csvLine(['row', 'id', 'code', 'reason']))
  let separator = ''
  let cursor: string | null = null
  do {
    const page: Page<JobError> = read({ limit: largestPage, ...(cursor !== null && { cursor }) })
    for (const error of page.items) {
      const { row, id, code, reason } = error
      process.stdout.write(
        json ? `${separator}${JSON.stringify(error)}` : csvLine([String(row), id ?? '', code, reason]),
      )
      separator = ','
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  if (json) process.stdout.write(']\n')
}

function line({ id, collection, source, state, counts, deleted, etaSeconds, error, createdAt }: Job): string {
  const facts = [
    `${counts.embedded} embedded, ${counts.unchanged} unchanged, ${counts.failed} failed`,
    ...(deleted === 0 ? [] : [`${deleted} deleted`]),
    ...(state === 'running' && etaSeconds !== null ? [`${duration(etaSeconds)} left`] : []),
    ...(error === null ? [] : [`${error.code} ${error.reason}`]),
  ]
  return `${id}  ${createdAt}  ${state.padEnd(9)}  ${source} -> ${collection}: ${facts.join(', ')}\n`
}
