import { allPages } from '../api/all-pages.js'
import { toCsv } from '../format/csv.js'
import { counted } from '../format/numbers.js'
import { useSession, type Job } from '../state/session.js'
import { useAction } from '../state/use-action.js'
import { useLoad } from '../state/use-load.js'
import { Problem } from './problem.js'
import { saveFile } from './save-file.js'

/** Rows that are shown; the others are in the file. */
const shownRows = 5

/** The rows of an import that failed, and why, to look at and to take along. */
export function JobErrors({ job }: { job: Job }) {
  const { client } = useSession()
  const path = { job: job.id }
  const first = useLoad(
    (signal) => client.listJobErrors({ path, query: { limit: shownRows }, signal }),
    job.id,
  )
  const saving = useAction()
  const failed = counted(job.counts.failed, 'row')
  return (
    <div class="job-errors">
      <ul>
        {first.value?.items.map(({ row, id, reason }) => (
          <li key={row}>
            <b>Row {row}</b>
            {id !== null && ` (${id})`}: {reason}
          </li>
        ))}
      </ul>
      <button
        type="button"
        aria-disabled={saving.busy}
        onClick={() => {
          saving.run(async () => {
            const rows = await allPages((query) => client.listJobErrors({ path, query }))
            const table = [
              ['row', 'id', 'code', 'reason'],
              ...rows.map(({ row, id, code, reason }) => [row, id, code, reason]),
            ]
            saveFile(new Blob([toCsv(table)], { type: 'text/csv' }), `failed-${job.id}.csv`)
          })
        }}
      >
        Download the {failed} that failed
      </button>
      <Problem error={first.error ?? saving.error} retry={first.again} />
    </div>
  )
}
