import { useState } from 'preact/hooks'
import { FileButton } from '../../parts/file-button.js'
import { JobCard } from '../../parts/job-card.js'
import { Problem } from '../../parts/problem.js'
import { useSession, type Job } from '../../state/session.js'
import { useAction } from '../../state/use-action.js'
import { useLoad } from '../../state/use-load.js'
import { SnapshotLine } from './snapshot-line.js'

/** Copies of the collection: taken, put back, taken along, brought from elsewhere. */
export function SnapshotsPanel({ collection }: { collection: string }) {
  const { client, refresh } = useSession()
  const [job, setJob] = useState<Job | null>(null)
  const path = { collection }
  const list = useLoad((signal) => client.listSnapshots({ path, signal }), collection)
  const acting = useAction()
  const snapshots = list.value?.items.toReversed() ?? []
  return (
    <section class="panel" aria-labelledby="snapshots-title">
      <h3 id="snapshots-title">Snapshots</h3>
      <div class="buttons">
        <button
          type="button"
          aria-disabled={acting.busy}
          onClick={() => {
            acting.run(async () => {
              await client.createSnapshot({ path })
              list.again()
            })
          }}
        >
          Take a snapshot
        </button>
        <FileButton
          accept=".tar"
          onFiles={([file]) => {
            acting.run(async () => {
              if (file === undefined) return
              const snapshot = file.name.replace(/\.tar$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '-')
              await client.putSnapshot({ path: { collection, snapshot }, body: file })
              list.again()
            })
          }}
        >
          Bring one from a file
        </FileButton>
        {list.value?.previous === true && (
          <button
            type="button"
            aria-disabled={acting.busy}
            onClick={() => {
              acting.run(async () => {
                await client.rollBackCollection({ path })
                await refresh()
              })
            }}
          >
            Undo the last restore
          </button>
        )}
      </div>
      <p role="status">{acting.busy && 'Working...'}</p>
      <Problem error={acting.error ?? list.error} retry={list.again} />
      {job !== null && (
        <JobCard
          key={job.id}
          first={job}
          heading="h4"
          onOver={() => {
            list.again()
            void refresh()
          }}
        />
      )}
      {list.value !== undefined && snapshots.length === 0 && <p class="hint">There are none yet.</p>}
      <ul class="lines">
        {snapshots.map((snapshot) => (
          <SnapshotLine key={snapshot.name} snapshot={snapshot} onJob={setJob} onGone={list.again} />
        ))}
      </ul>
    </section>
  )
}
