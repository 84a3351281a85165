import { useState } from 'preact/hooks'
import { JobCard } from '../../parts/job-card.js'
import { Problem } from '../../parts/problem.js'
import { percent } from '../../format/numbers.js'
import { useSession, type Job } from '../../state/session.js'
import { useAction } from '../../state/use-action.js'
import { DuplicateGroups } from './duplicate-groups.js'

/** Finds items that look the same, and shows them side by side. */
export function DuplicatesPanel({ collection }: { collection: string }) {
  const { client } = useSession()
  const [threshold, setThreshold] = useState(0.97)
  const [job, setJob] = useState<Job | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const asking = useAction()
  return (
    <section class="panel" aria-labelledby="duplicates-title">
      <h3 id="duplicates-title">Find duplicates</h3>
      <div class="controls">
        <label class="field">
          Alike by at least {percent(threshold)}
          <input
            type="range"
            min={0.8}
            max={1}
            step={0.01}
            value={threshold}
            onInput={(event) => {
              setThreshold(event.currentTarget.valueAsNumber)
            }}
          />
        </label>
        <button
          type="button"
          aria-disabled={asking.busy}
          onClick={() => {
            asking.run(async () => {
              setDone(null)
              setJob(await client.createDuplicates({ path: { collection }, body: { threshold } }))
            })
          }}
        >
          Look for them
        </button>
      </div>
      <Problem error={asking.error} />
      {job !== null && (
        <JobCard
          key={job.id}
          first={job}
          heading="h4"
          onOver={({ id, state }) => {
            if (state === 'done') setDone(id)
          }}
        />
      )}
      {done !== null && <DuplicateGroups key={done} job={done} collection={collection} />}
    </section>
  )
}
