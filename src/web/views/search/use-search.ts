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

/** Pages with what they are answers to. */
interface Found {
  readonly collection: string
  readonly asked: string
  readonly pages: readonly SearchAnswer[]
}
const nothing: Found = { collection: '', asked: '', pages: [] }

export interface Search {
  /** Pages of the answer, or of the one before in this collection while the next is on its way. */
  readonly pages: readonly SearchAnswer[]
  readonly phase: 'idle' | 'busy' | 'slow' | 'overloaded' | 'stopped'
  readonly error: unknown
  readonly cancel: () => void
  readonly retry: () => void
  /** Gets the next page. */
  readonly more: () => void
}

/** Searches whenever the address asks for something else. */
export function useSearch(address: Address, collection: string): Search {
  const { client, server } = useSession()
  const [found, setFound] = useState(nothing)
  const [phase, setPhase] = useState<Search['phase']>('idle')
  const [error, setError] = useState<unknown>(null)
  const [turn, setTurn] = useState(0)
  const running = useRef<AbortController | null>(null)
  const asked = writeAddress(address)

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
          setFound((before) => ({
            collection,
            asked,
            pages: cursor === null ? [answer] : [...before.pages, answer],
          }))
      } catch (thrown) {
        if (running.current === request) setError(thrown)
      } finally {
        clearTimeout(slow)
        clearTimeout(late)
        stopListening()
        if (running.current === request) setPhase('idle')
      }
    },
    [client, server, collection, asked],
  )
  const asks = address.like.length > 0
  useEffect(() => {
    if (asks) void ask(null)
    else {
      setFound(nothing)
      setPhase('idle')
    }
    return () => {
      running.current?.abort()
      running.current = null
    }
  }, [ask, asks, turn])

  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = null
    setPhase('stopped')
  }, [])
  const retry = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])
  // Another collection has other pictures under the same ids, and nothing comes any more to replace answers to another search.
  const fits = found.collection === collection && (phase !== 'stopped' || found.asked === asked)
  const pages = fits ? found.pages : nothing.pages
  const next = pages.at(-1)?.nextCursor ?? null
  const more = useCallback(() => {
    if (next !== null) void ask(next)
  }, [ask, next])
  return { pages, phase, error, cancel, retry, more }
}
