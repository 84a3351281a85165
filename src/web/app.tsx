import { KeyForm } from './parts/key-form.js'
import { Loading } from './parts/loading.js'
import { Problem } from './parts/problem.js'
import { Top } from './parts/top.js'
import { AddressContext } from './state/address-context.js'
import { SessionContext } from './state/session.js'
import { useAddress } from './state/use-address.js'
import { useOpening } from './state/use-session.js'
import { SearchView } from './views/search/search-view.js'

/** The page: a search for who comes with a picture. */
export function App() {
  const bar = useAddress()
  return (
    <AddressContext.Provider value={bar}>
      <Opened />
    </AddressContext.Provider>
  )
}

function Opened() {
  const opening = useOpening()
  switch (opening.state) {
    case 'opening':
      return (
        <main>
          <Loading>Opening</Loading>
        </main>
      )
    case 'key-needed':
      return (
        <main>
          <KeyForm refused={opening.refused} give={opening.give} />
        </main>
      )
    case 'failed':
      return (
        <main>
          <h1>kindred</h1>
          <Problem error={opening.error} retry={opening.retry} />
        </main>
      )
    case 'open':
      return (
        <SessionContext.Provider value={opening.session}>
          <Top />
          <main id="main" tabIndex={-1}>
            <SearchView />
          </main>
        </SessionContext.Provider>
      )
  }
}
