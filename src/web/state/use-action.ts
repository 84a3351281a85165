import { useCallback, useState } from 'preact/hooks'

export interface Action {
  readonly busy: boolean
  readonly error: unknown
  /** Does it, unless something is under way already: a button for it need not be disabled, with which it would lose the focus. */
  readonly run: (work: () => Promise<void>) => void
}

/** Something that a button sets off: whether it is under way, and what went wrong. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = useCallback(
    (work: () => Promise<void>) => {
      if (busy) return
      setBusy(true)
      setError(null)
      work()
        .catch(setError)
        .finally(() => {
          setBusy(false)
        })
    },
    [busy],
  )
  return { busy, error, run }
}
