import { useCallback, useRef, useState } from 'preact/hooks'
import { useSession, type Collection, type Job } from '../../state/session.js'

export interface ImportOptions {
  /** Counts, and writes nothing. */
  readonly dryRun: boolean
  /** How many items may be removed that the file does not name; without it all stay. */
  readonly deleteMissing?: number
}

/** A file that did not get to the server. */
export interface Failure {
  readonly file: File
  /** null where the server takes less, so that it was not sent. */
  readonly error: unknown
}

export interface Imports {
  /** The newest first. */
  readonly jobs: readonly Job[]
  /** What is on its way to the server. */
  readonly sending: File | null
  /** Of what was given last. */
  readonly failures: readonly Failure[]
  readonly send: (files: readonly File[], options: ImportOptions) => void
}

/** Sends files to be imported, one after the other: what is given while something is on its way goes after it. */
export function useImports({ name }: Collection): Imports {
  const { client, server } = useSession()
  const [jobs, setJobs] = useState<readonly Job[]>([])
  const [sending, setSending] = useState<File | null>(null)
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const queue = useRef(Promise.resolve())
  const sendOne = useCallback(
    async (file: File, options: ImportOptions) => {
      if (file.size > server.limits.uploadBytes) {
        setFailures((before) => [...before, { file, error: null }])
        return
      }
      setSending(file)
      const job = await client.createImport({ path: { collection: name }, body: { file, ...options } })
      setJobs((before) => [job, ...before])
    },
    [client, name, server],
  )
  const send = useCallback(
    (files: readonly File[], options: ImportOptions) => {
      setFailures([])
      for (const file of files) {
        queue.current = queue.current
          .then(() => sendOne(file, options))
          .catch((error: unknown) => {
            setFailures((before) => [...before, { file, error }])
          })
          .finally(() => {
            setSending(null)
          })
      }
    },
    [sendOne],
  )
  return { jobs, sending, failures, send }
}
