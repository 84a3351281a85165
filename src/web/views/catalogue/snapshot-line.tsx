import { useState } from 'preact/hooks'
import type { components } from '../../../client/client.js'
import { bytes, counted } from '../../format/numbers.js'
import { ago, inFull } from '../../format/times.js'
import { Confirm } from '../../parts/confirm.js'
import { Problem } from '../../parts/problem.js'
import { saveFile } from '../../parts/save-file.js'
import { useSession, type Job } from '../../state/session.js'
import { useAction } from '../../state/use-action.js'

type Snapshot = components['schemas']['Snapshot']

/** One snapshot, and what can be done with it. */
export function SnapshotLine(props: { snapshot: Snapshot; onJob: (job: Job) => void; onGone: () => void }) {
  const { name, collection, createdAt, bytes: size, counts } = props.snapshot
  const { client } = useSession()
  const acting = useAction()
  const [asked, setAsked] = useState<'restore' | 'delete' | null>(null)
  const path = { collection, snapshot: name }
  const restore = async () => {
    props.onJob(await client.createRestore({ path: { collection }, body: { snapshot: name } }))
  }
  const remove = async () => {
    await client.deleteSnapshot({ path })
    props.onGone()
  }
  const download = async () => {
    saveFile(await (await client.getSnapshot({ path })).blob(), `${name}.tar`)
  }
  return (
    <li class="line">
      <p>
        <b>{name}</b>
        <span class="hint">
          {' '}
          {counted(counts.items, 'item')} · {bytes(size)} ·{' '}
          <time dateTime={createdAt} title={inFull(createdAt)}>
            {ago(createdAt)}
          </time>
        </span>
      </p>
      <div class="buttons">
        <button
          type="button"
          aria-label={`Restore ${name}`}
          onClick={() => {
            setAsked('restore')
          }}
        >
          Restore
        </button>
        <button
          type="button"
          aria-label={`Download ${name}`}
          aria-disabled={acting.busy}
          onClick={() => {
            acting.run(download)
          }}
        >
          Download
        </button>
        <button
          type="button"
          class="danger"
          aria-label={`Delete ${name}`}
          onClick={() => {
            setAsked('delete')
          }}
        >
          Delete
        </button>
      </div>
      <Problem error={acting.error} />
      {asked !== null && (
        <Confirm
          title={asked === 'restore' ? `Put back ${name}?` : `Delete ${name}?`}
          yes={asked === 'restore' ? 'Put it back' : 'Delete it'}
          onNo={() => {
            setAsked(null)
          }}
          onYes={() => {
            setAsked(null)
            acting.run(asked === 'restore' ? restore : remove)
          }}
        >
          {asked === 'restore'
            ? `${collection} becomes what it was then, with ${counted(counts.items, 'item')}. What it is now is kept, to go back to.`
            : 'The file is removed, and there is no way back.'}
        </Confirm>
      )}
    </li>
  )
}
