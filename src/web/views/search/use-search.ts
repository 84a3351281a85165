import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Answer } from '../../../client/client.js'
import { onWaiting } from '../../api/patient-fetch.js'
import { writeAddress, type Address } from '../../state/address.js'
import { useSession } from '../../state/session.js'
import { toRequest } from './search-request.js'

type SearchAnswer = Answer<'search'>

/** Then the page says that it takes long, and lets people give up. */
const slowMs = 1500
const giveUpMs = 60_000

export interface Search {
  /** Pages of the answer, or of the one before while the next is on its way. */
  readonly pages: readonly SearchAnswer[]
  readonly phase: 'idle' | 'busy' | 'slow' | 'overloaded'
  readonly error: unknown
  readonly cancel: () => void
  readonly retry: () => void
  /** Gets the next page. */
  readonly more: () => void
}

/** Searches whenever the address asks for something else. */
export function useSearch(address: Address, collection: string): Search {
  const { client, server } = useSession()
  const [pages, setPages] = useState<readonly SearchAnswer[]>([])
  const [phase, setPhase] = useState<Search['phase']>('idle')
  const [error, setError] = useState<unknown>(null)
  const [turn, setTurn] = useState(0)
  const running = useRef<AbortController | null>(null)

  const ask = useCallback(
    async (cursor: string | null) => {
      running.current?.abort()
      const request = new AbortController()
      running.current = request
      const slow = setTimeout(() => {
        setPhase('slow')
      }, slowMs)
      const late = setTimeout(() => {
        request.abort(new DOMException('No answer in time', 'TimeoutError'))
      }, giveUpMs)
      const stopListening = onWaiting(() => {
        setPhase('overloaded')
      })
      setPhase('busy')
      setError(null)
      try {
        const body = await toRequest(address, cursor, server.limits)
        const answer = await client.search({ path: { collection }, body, signal: request.signal })
        if (running.current === request)
          setPages((before) => (cursor === null ? [answer] : [...before, answer]))
      } catch (thrown) {
        if (running.current === request) setError(thrown)
      } finally {
        clearTimeout(slow)
        clearTimeout(late)
        stopListening()
        if (running.current === request) setPhase('idle')
      }
    },
    [client, server, collection, writeAddress(address)],
  )
  const asks = address.like.length > 0
  useEffect(() => {
    if (asks) void ask(null)
    else setPages([])
    return () => {
      running.current?.abort()
      running.current = null
    }
  }, [ask, asks, turn])

  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = null
    setPhase('idle')
  }, [])
  const retry = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])
  const next = pages.at(-1)?.nextCursor ?? null
  const more = useCallback(() => {
    if (next !== null) void ask(next)
  }, [ask, next])
  return { pages, phase, error, cancel, retry, more }
}
