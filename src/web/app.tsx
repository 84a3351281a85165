import { useEffect } from 'preact/hooks'
import { KeyForm } from './parts/key-form.js'
import { Loading } from './parts/loading.js'
import { Problem } from './parts/problem.js'
import { Top } from './parts/top.js'
import { AddressContext, type AddressBar } from './state/address-context.js'
import { SessionContext } from './state/session.js'
import { useAddress } from './state/use-address.js'
import { useKeptPlace } from './state/use-kept-place.js'
import { useOpening } from './state/use-session.js'
import { CatalogueView } from './views/catalogue/catalogue-view.js'
import { JobsView } from './views/jobs/jobs-view.js'
import { ModelsView } from './views/models/models-view.js'
import { SearchView } from './views/search/search-view.js'

const titles = { search: 'Search', catalogue: 'Catalogue', jobs: 'Jobs', models: 'Models' } as const

/** The page: a search for who comes with a picture, and the catalogue behind it. */
export function App() {
  const bar = useAddress()
  useKeptPlace()
  const { view } = bar.address
  useEffect(() => {
    document.title = `${titles[view]} - kindred`
  }, [view])
  return (
    <AddressContext.Provider value={bar}>
      <Opened bar={bar} />
    </AddressContext.Provider>
  )
}

function Opened({ bar }: { bar: AddressBar }) {
  const { address } = bar
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
    case 'open': {
      const { server } = opening.session
      // A link may ask for more answers than the server gives.
      const allowed = { ...bar, address: { ...address, k: Math.min(address.k, server.limits.k) } }
      return (
        <SessionContext.Provider value={opening.session}>
          <AddressContext.Provider value={allowed}>
            <Top />
            <main id="main" tabIndex={-1}>
              {address.view === 'search' && <SearchView />}
              {address.view === 'catalogue' && <CatalogueView />}
              {address.view === 'jobs' && <JobsView />}
              {address.view === 'models' && <ModelsView />}
            </main>
          </AddressContext.Provider>
        </SessionContext.Provider>
      )
    }
  }
}
