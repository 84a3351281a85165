import { useCallback, useEffect, useState } from 'preact/hooks'

export interface Loaded<T> {
  /** What was loaded last; undefined before. */
  readonly value: T | undefined
  readonly error: unknown
  readonly again: () => void
}

/**
 * Loads something whenever what it depends on changes, and gives the request up when the part of the page goes.
 *
 * @param key names all that it depends on
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [value, setValue] = useState<T>()
  const [error, setError] = useState<unknown>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    setError(null)
    load(leaving.signal)
      .then((loaded) => {
        if (!leaving.signal.aborted) setValue(loaded)
      })
      .catch((thrown: unknown) => {
        if (!leaving.signal.aborted) setError(thrown)
      })
    return () => {
      leaving.abort()
    }
    // `load` is made anew at every rendering; the key says when it is another.
  }, [key, turn])
  const again = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])
  return { value, error, again }
}
