import { useCallback } from 'preact/hooks'
import { ApiProblem } from '../../../client/client.js'
import { CollectionSelect } from '../../parts/collection-select.js'
import { Link } from '../../parts/link.js'
import { useDrop } from '../../parts/use-drop.js'
import { useAddressBar } from '../../state/address-context.js'
import type { Example } from '../../state/address.js'
import { keepPhoto } from '../../state/photos.js'
import { useSession } from '../../state/session.js'
import { AddressNote } from './address-note.js'
import { Answers } from './answers.js'
import { FilterPanel } from './filter-panel.js'
import { Options } from './options.js'
import { Query } from './query.js'
import { Refine } from './refine.js'
import { Start } from './start.js'
import { usePaste } from './use-paste.js'
import { useSearch } from './use-search.js'

/** A picture in, what looks like it out. */
export function SearchView() {
  const { address, go } = useAddressBar()
  const { collections, server, may } = useSession()
  const { like } = address
  const chosen =
    address.collection ??
    collections.find(({ counts }) => counts.items > 0)?.name ??
    collections[0]?.name ??
    ''
  const collection = collections.find(({ name }) => name === chosen)
  const search = useSearch(address, chosen)

  const searchWith = useCallback(
    (examples: readonly Example[]) => {
      go({ like: examples.slice(0, server.limits.examples), unlike: [], crop: null })
    },
    [go, server],
  )
  const takeFiles = useCallback(
    (files: File[]) => {
      searchWith(files.map((file) => ({ kind: 'photo', id: keepPhoto(file).id })))
    },
    [searchWith],
  )
  const takeText = useCallback(
    (text: string) => {
      const url = text.trim().split('\n', 1)[0] ?? ''
      if (server.fetchesUrls && /^https?:\/\/\S+$/.test(url)) searchWith([{ kind: 'url', url }])
    },
    [searchWith, server],
  )
  const over = useDrop(takeFiles, takeText)
  usePaste(takeFiles, takeText)

  if (collections.length === 0) {
    return (
      <section class="card empty">
        <h1>There is nothing to search yet</h1>
        <p>First bring pictures into a collection; then a photo finds what looks like it.</p>
        {may('write') && (
          <Link class="button primary" to={{ view: 'catalogue' }}>
            Bring in pictures
          </Link>
        )}
      </section>
    )
  }
  const asked = like.length > 0
  const controls = (
    <>
      <div class="controls">
        <CollectionSelect
          chosen={chosen}
          onChoose={(name) => {
            // A link whose collection there is not may well be about this one.
            if (collection === undefined) go({ collection: name })
            // What the filter, the groups and the items are about is in the other collection.
            else
              go({
                collection: name,
                filter: {},
                groupBy: null,
                like: like.filter(({ kind }) => kind !== 'item'),
                unlike: address.unlike.filter(({ kind }) => kind !== 'item'),
              })
          }}
        />
        <Options fields={Object.keys(collection?.fields ?? {})} />
      </div>
      {collection !== undefined && <FilterPanel collection={collection} />}
    </>
  )
  return (
    <div class={asked ? 'search asked' : 'search'}>
      <h1 class={asked ? 'said-only' : ''}>Find it with a picture</h1>
      <AddressNote />
      {asked ? (
        <>
          <div class="search-side">
            <Query
              onFiles={takeFiles}
              collection={chosen}
              unreadable={search.error instanceof ApiProblem && search.error.code.startsWith('IMAGE_')}
            />
            <Refine key={String(collection === undefined)} wanted={collection === undefined}>
              {controls}
            </Refine>
          </div>
          <Answers search={search} collection={chosen} />
        </>
      ) : (
        <>
          <Start onFiles={takeFiles} onUrl={takeText} over={over} />
          {controls}
        </>
      )}
      {over && <div class="drop-veil">Drop the picture to search with it</div>}
    </div>
  )
}
