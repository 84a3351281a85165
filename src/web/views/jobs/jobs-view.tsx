import { FoundGroups } from './found-groups.js'
import { isOver } from '../../format/job-words.js'
import { JobCard } from '../../parts/job-card.js'
import { Loading } from '../../parts/loading.js'
import { Problem } from '../../parts/problem.js'
import { useSession } from '../../state/session.js'
import { useLoad } from '../../state/use-load.js'

const newest = 50

/** What the server does or has done that takes longer than a request, the newest first. */
export function JobsView() {
  const { client, may, server } = useSession()
  const allowed = may('write') && server.key?.collections == null
  return (
    <div class="jobs">
      <h1>Jobs</h1>
      {allowed ? (
        <JobList load={(signal) => client.listJobs({ query: { limit: newest }, signal })} />
      ) : (
        <p class="card note">
          Your key may not see the jobs of the server. That takes a key with the scope <b>write</b> that is
          not limited to some collections.
        </p>
      )}
    </div>
  )
}

type Jobs = Awaited<ReturnType<ReturnType<typeof useSession>['client']['listJobs']>>

function JobList({ load }: { load: (signal: AbortSignal) => Promise<Jobs> }) {
  const list = useLoad(load, 'jobs')
  if (list.error !== null) return <Problem error={list.error} retry={list.again} />
  if (list.value === undefined) return <Loading>Getting the jobs</Loading>
  const jobs = list.value.items
  if (jobs.length === 0) return <p class="card empty">There were no jobs yet.</p>
  const running = jobs.filter((job) => !isOver(job))
  return (
    <>
      <div class="buttons">
        <button type="button" onClick={list.again}>
          Look again
        </button>
      </div>
      <p role="status" class="hint">
        {running.length === 0 ? 'Nothing is under way.' : `${running.length} under way or waiting.`}
      </p>
      <div class="cards">
        {jobs.map((job) => (
          // One that has got further since is another card.
          <JobCard key={`${job.id} ${job.state}`} first={job} heading="h2" onOver={list.again}>
            {job.kind === 'duplicates' && job.state === 'done' && <FoundGroups job={job} />}
          </JobCard>
        ))}
      </div>
    </>
  )
}
