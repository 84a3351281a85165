import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Client, components } from '../../client/client.js'
import type { PictureCache } from '../api/picture-cache.js'

type Schemas = components['schemas']
export type Collection = Schemas['Collection']
export type Job = Schemas['Job']
export type Server = Schemas['Server']
export type Scope = 'search' | 'write' | 'admin'

/** What every part of the page needs: who asks, of whom, and what there is. */
export interface Session {
  readonly client: Client
  readonly pictures: PictureCache
  readonly server: Server
  readonly collections: readonly Collection[]
  /** Asks for the collections again, after something has changed them. */
  readonly refresh: () => Promise<void>
  /** Whether the key allows it; without keys everything is. */
  readonly may: (scope: Scope) => boolean
  /** Asks for another key. */
  readonly changeKey: () => void
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('There is no session around this part of the page')
  return session
}
