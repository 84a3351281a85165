import { Link } from '../../parts/link.js'
import { useSession, type Collection } from '../../state/session.js'
import { DuplicatesPanel } from './duplicates-panel.js'
import { ImportPanel } from './import-panel.js'
import { SnapshotsPanel } from './snapshots-panel.js'

/** What can be done with one collection, as far as the key goes. */
export function CollectionPanel({ collection }: { collection: Collection }) {
  const { may } = useSession()
  const { name, counts, fields } = collection
  const known = Object.entries(fields)
  return (
    <section class="collection-panel" aria-labelledby="collection-name">
      <div class="panel-head">
        <h2 id="collection-name">{name}</h2>
        {counts.items > 0 && (
          <Link class="button" to={{ collection: name }}>
            Search in it
          </Link>
        )}
      </div>
      {known.length > 0 && (
        <p class="hint">
          Known of its items: {known.map(([field, type]) => `${field} (${type})`).join(', ')}
        </p>
      )}
      {may('write') && <ImportPanel collection={collection} />}
      {may('write') && counts.items > 1 && <DuplicatesPanel collection={name} />}
      {may('admin') && <SnapshotsPanel collection={name} />}
    </section>
  )
}
