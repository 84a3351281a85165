import { useCallback, useRef, useState } from 'preact/hooks'
import { useSession, type Collection, type Job } from '../../state/session.js'

export interface ImportOptions {
  /** Counts, and writes nothing. */
  readonly dryRun: boolean
  /** How many items may be removed that the file does not name; without it all stay. */
  readonly deleteMissing?: number
}

export interface Imports {
  /** The newest first. */
  readonly jobs: readonly Job[]
  /** What is on its way to the server. */
  readonly sending: File | null
  /** The file that the server would not take. */
  readonly tooLarge: File | null
  readonly error: unknown
  readonly send: (files: readonly File[], options: ImportOptions) => void
}

/** Sends files to be imported, one after the other: what is given while something is on its way goes after it. */
export function useImports({ name }: Collection): Imports {
  const { client, server } = useSession()
  const [jobs, setJobs] = useState<readonly Job[]>([])
  const [sending, setSending] = useState<File | null>(null)
  const [tooLarge, setTooLarge] = useState<File | null>(null)
  const [error, setError] = useState<unknown>(null)
  const queue = useRef(Promise.resolve())
  const sendOne = useCallback(
    async (file: File, options: ImportOptions) => {
      const fits = file.size <= server.limits.uploadBytes
      setTooLarge(fits ? null : file)
      if (!fits) return
      setSending(file)
      const job = await client.createImport({ path: { collection: name }, body: { file, ...options } })
      setJobs((before) => [job, ...before])
    },
    [client, name, server],
  )
  const send = useCallback(
    (files: readonly File[], options: ImportOptions) => {
      for (const file of files) {
        queue.current = queue.current
          .then(() => sendOne(file, options))
          .then(() => {
            setError(null)
          })
          .catch(setError)
          .finally(() => {
            setSending(null)
          })
      }
    },
    [sendOne],
  )
  return { jobs, sending, tooLarge, error, send }
}
