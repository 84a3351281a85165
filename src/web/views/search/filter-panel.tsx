import { useState } from 'preact/hooks'
import { useAddressBar } from '../../state/address-context.js'
import type { Collection } from '../../state/session.js'
import { FacetField } from './facet-field.js'

/** Fields for which values are counted; a catalogue may have very many. */
const mostFields = 12

/** Chooses which items come into question, by what the collection knows of them. */
export function FilterPanel({ collection }: { collection: Collection }) {
  const { address, go } = useAddressBar()
  const { filter } = address
  const set = Object.keys(filter).length
  // On a narrow screen it would push the answers out of sight.
  const [open, setOpen] = useState(() => set > 0 && matchMedia('(min-width: 60rem)').matches)
  const fields = Object.entries(collection.fields)
  const shownFields = [
    ...fields.filter(([name]) => name in filter),
    ...fields.filter(([name]) => !(name in filter)),
  ].slice(0, Math.max(mostFields, set))
  if (fields.length === 0) return null
  return (
    <details
      class="filters"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>Filters{set > 0 && ` (${set} set)`}</summary>
      {open && (
        <>
          <div class="facets">
            {shownFields
              .toSorted(([a], [b]) => a.localeCompare(b))
              .map(([name, type]) => (
                <FacetField key={name} collection={collection.name} name={name} type={type} />
              ))}
          </div>
          {set > 0 && (
            <button
              type="button"
              onClick={() => {
                go({ filter: {} })
              }}
            >
              Clear all filters
            </button>
          )}
        </>
      )}
    </details>
  )
}
