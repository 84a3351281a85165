import { useAddressBar } from '../../state/address-context.js'
import { useSession } from '../../state/session.js'
import { CollectionList } from './collection-list.js'
import { CollectionPanel } from './collection-panel.js'
import { NewCollection } from './new-collection.js'

/** What there is, and how more of it gets in. */
export function CatalogueView() {
  const { collection: chosen } = useAddressBar().address
  const { collections, may, server } = useSession()
  const collection = collections.find(({ name }) => name === chosen) ?? collections[0]
  return (
    <div class="catalogue">
      <h1>Catalogue</h1>
      {!may('write') && (
        <p class="card note">
          Your key may search, and nothing more. To bring in pictures, find duplicates or see jobs, ask
          whoever runs the server for a key with the scope <b>write</b>; snapshots need the scope <b>admin</b>
          .
        </p>
      )}
      <CollectionList current={collection?.name} />
      {may('write') && server.key?.collections == null && <NewCollection open={collections.length === 0} />}
      {chosen !== null && collection?.name !== chosen && collections.length > 0 && (
        <p class="problem" role="alert">
          There is no collection {chosen}. Choose another one above.
        </p>
      )}
      {collection !== undefined && <CollectionPanel key={collection.name} collection={collection} />}
    </div>
  )
}
