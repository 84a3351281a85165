import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ApiProblem, createClient } from '../../client/client.js'
import { allPages } from '../api/all-pages.js'
import { PictureCache } from '../api/picture-cache.js'
import { patientFetch } from '../api/patient-fetch.js'
import type { Collection, Scope, Server, Session } from './session.js'

const keyName = 'kindred-key'
const order: readonly Scope[] = ['search', 'write', 'admin']

export type Opening =
  | { readonly state: 'opening' }
  /** @param refused why the key that was given does not do */
  | {
      readonly state: 'key-needed'
      readonly refused: ApiProblem | null
      readonly give: (key: string) => void
    }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void }
  | { readonly state: 'open'; readonly session: Session }

/** Finds out what the server has and allows; asks for a key where one is needed, and keeps it for this tab alone. */
export function useOpening(): Opening {
  const [key, setKey] = useState(() => sessionStorage.getItem(keyName))
  const [turn, setTurn] = useState(0)
  const [known, setKnown] = useState<{ server: Server; collections: readonly Collection[] } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [asking, setAsking] = useState(false)
  /** How often the collections were asked for. */
  const listings = useRef(0)
  const client = useMemo(
    () =>
      createClient(new URL('.', location.href).href, { fetch: patientFetch, ...(key !== null && { key }) }),
    [key],
  )
  const pictures = useMemo(() => new PictureCache(client), [client])

  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    listings.current++
    setError(null)
    setKnown(null)
    Promise.all([
      client.getServer({ signal }),
      allPages((query) => client.listCollections({ query, signal })),
    ])
      .then(([server, collections]) => {
        setKnown({ server, collections })
        setAsking(false)
      })
      .catch((thrown: unknown) => {
        if (!signal.aborted) setError(thrown)
      })
    return () => {
      leaving.abort()
    }
  }, [client, turn])

  const give = useCallback((given: string) => {
    sessionStorage.setItem(keyName, given)
    setKey(given)
    // What is known of the one before says nothing about this one.
    setError(null)
    setTurn((before) => before + 1)
  }, [])
  const retry = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])
  const changeKey = useCallback(() => {
    setAsking(true)
  }, [])
  const refresh = useCallback(async () => {
    const listing = ++listings.current
    const collections = await allPages((query) => client.listCollections({ query }))
    // An answer that a later one has overtaken tells what was.
    if (listing === listings.current) setKnown((before) => before && { ...before, collections })
  }, [client])
  const session = useMemo((): Session | null => {
    if (known === null) return null
    const held = known.server.key?.scope ?? 'admin'
    const may = (scope: Scope) => order.indexOf(held) >= order.indexOf(scope)
    return { client, pictures, ...known, refresh, may, changeKey }
  }, [client, pictures, known, refresh, changeKey])

  if (error instanceof ApiProblem && error.status === 401) {
    return { state: 'key-needed', refused: key === null ? null : error, give }
  }
  if (asking) return { state: 'key-needed', refused: null, give }
  if (error !== null) return { state: 'failed', error, retry }
  return session === null ? { state: 'opening' } : { state: 'open', session }
}
