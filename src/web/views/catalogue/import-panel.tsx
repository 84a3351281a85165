import { useCallback, useState } from 'preact/hooks'
import { planImport } from '../../api/plan-import.js'
import { bytes, counted } from '../../format/numbers.js'
import { Chip } from '../../parts/chip.js'
import { FileButton } from '../../parts/file-button.js'
import { JobCard } from '../../parts/job-card.js'
import { Problem } from '../../parts/problem.js'
import { useDrop } from '../../parts/use-drop.js'
import { useSession, type Collection } from '../../state/session.js'
import { ConfirmRemoval } from './confirm-removal.js'
import { useImports } from './use-imports.js'

/** Brings a catalogue or pictures into a collection: dropped, it begins. */
export function ImportPanel({ collection }: { collection: Collection }) {
  const { server, refresh } = useSession()
  const { jobs, sending, failures, send } = useImports(collection)
  const [dryRun, setDryRun] = useState(false)
  const [remove, setRemove] = useState(false)
  /** What waits for the answer to whether items may go. */
  const [asked, setAsked] = useState<File | null>(null)
  const [several, setSeveral] = useState(false)
  const { items } = collection.counts
  const start = useCallback(
    (files: File[]) => {
      if (asked !== null) return
      const plan = planImport(files)
      const [first] = plan
      // Each would remove what the others have brought.
      setSeveral(remove && plan.length > 1)
      if (!remove) send(plan, { dryRun })
      else if (first !== undefined && plan.length === 1) {
        if (dryRun) send(plan, { dryRun, deleteMissing: items })
        else setAsked(first)
      }
    },
    [send, dryRun, remove, asked, items],
  )
  const over = useDrop(start)
  return (
    <section class="panel" aria-labelledby="import-title">
      <h3 id="import-title">Bring in pictures</h3>
      <div class={`start import-zone ${over ? 'over' : ''}`}>
        <p class="start-words">Drop pictures, a folder, a zip, a CSV or a JSONL here</p>
        <p class="hint">
          A CSV has the columns <code>id</code> and <code>image</code>; drop the pictures that it names
          together with it.
        </p>
        <div class="buttons">
          <FileButton class="primary" multiple onFiles={start}>
            Choose files
          </FileButton>
          <FileButton folder onFiles={start}>
            Choose a folder
          </FileButton>
          <Chip checked={dryRun} onChange={setDryRun}>
            Only try it: nothing is written
          </Chip>
          {(items > 0 || remove) && (
            <Chip checked={remove} onChange={setRemove}>
              Remove items that the file does not name
            </Chip>
          )}
        </div>
        <p role="status">{sending !== null && `Sending ${sending.name} (${bytes(sending.size)})`}</p>
      </div>
      {several && (
        <p class="problem" role="alert">
          Nothing was done: to remove what a catalogue does not name, give one catalogue or archive at a time.
        </p>
      )}
      {failures.map(({ file, error }) =>
        error === null ? (
          <p class="problem" role="alert">
            {file.name} has {bytes(file.size)}; this server takes {bytes(server.limits.uploadBytes)} at a
            time. Drop it in parts.
          </p>
        ) : (
          <Problem error={error} about={file.name} />
        ),
      )}
      {jobs.map((job) => (
        <JobCard
          key={job.id}
          first={job}
          heading="h4"
          onOver={() => {
            void refresh()
          }}
        />
      ))}
      {jobs.length > 1 && <p class="hint">{counted(jobs.length, 'import')} so far</p>}
      {asked !== null && (
        <ConfirmRemoval
          file={asked}
          collection={collection}
          onYes={() => {
            setAsked(null)
            // The next catalogue may be a part of the whole.
            setRemove(false)
            send([asked], { dryRun: false, deleteMissing: items })
          }}
          onNo={() => {
            setAsked(null)
          }}
        />
      )}
    </section>
  )
}
