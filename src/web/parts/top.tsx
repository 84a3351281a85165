import { useAddressBar } from '../state/address-context.js'
import { useSession } from '../state/session.js'
import { Link } from './link.js'

/** The top of the page: where one is, and where one can go. */
export function Top() {
  const { view, collection } = useAddressBar().address
  const { server, changeKey } = useSession()
  return (
    <header class="top">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Link class="brand" to={{ collection }}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="12" cy="16" r="9" />
          <circle cx="20" cy="16" r="9" />
        </svg>
        kindred
      </Link>
      <nav aria-label="Views">
        <Link to={{ view: 'search', collection }} current={view === 'search'}>
          Search
        </Link>
        <Link to={{ view: 'catalogue', collection }} current={view === 'catalogue'}>
          Catalogue
        </Link>
        <Link to={{ view: 'jobs', collection }} current={view === 'jobs'}>
          Jobs
        </Link>
        <Link to={{ view: 'models', collection }} current={view === 'models'}>
          Models
        </Link>
      </nav>
      {server.key !== null && (
        <button type="button" class="quiet" onClick={changeKey}>
          Change key
        </button>
      )}
    </header>
  )
}
