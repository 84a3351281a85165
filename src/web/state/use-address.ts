import { useCallback, useEffect, useState } from 'preact/hooks'
import { readAddress, writeAddress, type Address } from './address.js'

export interface AddressBar {
  readonly address: Address
  /** Changes some of it, as a step that the browser's back button takes back. */
  readonly go: (change: Partial<Address>) => void
}

/** The state that is in the address bar. */
export function useAddress(): AddressBar {
  const [address, setAddress] = useState(() => readAddress(location.search))
  useEffect(() => {
    const back = () => {
      setAddress(readAddress(location.search))
    }
    addEventListener('popstate', back)
    return () => {
      removeEventListener('popstate', back)
    }
  }, [])
  const go = useCallback((change: Partial<Address>) => {
    const next = { ...readAddress(location.search), ...change }
    const search = writeAddress(next)
    if (search !== location.search) history.pushState(null, '', search === '' ? location.pathname : search)
    // As it would be read there, so that going back and forth changes nothing.
    setAddress(readAddress(search))
  }, [])
  return { address, go }
}
