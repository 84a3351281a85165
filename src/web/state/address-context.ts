import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { home } from './address.js'
import type { AddressBar } from './use-address.js'

export type { AddressBar } from './use-address.js'

export const AddressContext = createContext<AddressBar>({ address: home, go: () => undefined })

/** What the address bar says, and the way to change it. */
export const useAddressBar = (): AddressBar => useContext(AddressContext)
