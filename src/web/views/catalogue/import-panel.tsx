import { useCallback, useRef, useState } from 'preact/hooks'
import { planImport } from '../../api/plan-import.js'
import { bytes, counted } from '../../format/numbers.js'
import { FileButton } from '../../parts/file-button.js'
import { JobCard } from '../../parts/job-card.js'
import { Problem } from '../../parts/problem.js'
import { useDrop } from '../../parts/use-drop.js'
import { useSession, type Collection, type Job } from '../../state/session.js'

/** Brings a catalogue or pictures into a collection: dropped, it begins. */
export function ImportPanel({ collection }: { collection: Collection }) {
  const { client, server, refresh } = useSession()
  const [jobs, setJobs] = useState<readonly Job[]>([])
  const [dryRun, setDryRun] = useState(false)
  const [sending, setSending] = useState<File | null>(null)
  const [tooLarge, setTooLarge] = useState<File | null>(null)
  const [error, setError] = useState<unknown>(null)
  /** What is given while something is on its way goes after it. */
  const queue = useRef(Promise.resolve())
  const { name } = collection
  const send = useCallback(
    async (file: File) => {
      const fits = file.size <= server.limits.uploadBytes
      setTooLarge(fits ? null : file)
      if (!fits) return
      setSending(file)
      const job = await client.createImport({ path: { collection: name }, body: { file, dryRun } })
      setJobs((before) => [job, ...before])
    },
    [client, name, dryRun, server],
  )
  const start = useCallback(
    (files: File[]) => {
      for (const file of planImport(files)) {
        queue.current = queue.current
          .then(() => send(file))
          .then(() => {
            setError(null)
          })
          .catch(setError)
          .finally(() => {
            setSending(null)
          })
      }
    },
    [send],
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
          <label class="chip">
            <input
              type="checkbox"
              checked={dryRun}
              onChange={(event) => {
                setDryRun(event.currentTarget.checked)
              }}
            />
            <span>Only try it: nothing is written</span>
          </label>
        </div>
        <p role="status">{sending !== null && `Sending ${sending.name} (${bytes(sending.size)})`}</p>
      </div>
      {tooLarge !== null && (
        <p class="problem" role="alert">
          {tooLarge.name} has {bytes(tooLarge.size)}; this server takes {bytes(server.limits.uploadBytes)} at
          a time. Drop it in parts.
        </p>
      )}
      <Problem error={error} />
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
    </section>
  )
}
