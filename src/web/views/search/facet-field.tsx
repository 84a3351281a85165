import { count } from '../../format/numbers.js'
import { shown } from '../../format/item-name.js'
import { Chip } from '../../parts/chip.js'
import { useAddressBar } from '../../state/address-context.js'
import { toggleValue, withCondition, type Scalar } from '../../state/filter.js'
import { useSession } from '../../state/session.js'
import { useLoad } from '../../state/use-load.js'
import { RangeField } from './range-field.js'

/** Values of a field that are shown to choose from. */
const mostValues = 12

/** The values of a metadata field to choose from, with how many items have each; a range where there are many numbers. */
export function FacetField({ collection, name, type }: { collection: string; name: string; type: string }) {
  const { address, go } = useAddressBar()
  const { client } = useSession()
  const { filter } = address
  // Counted as if this field had no filter, so that its other values can be chosen, too.
  const others = JSON.stringify(withCondition(filter, name, null))
  const { value: facets } = useLoad(
    (signal) =>
      client.getFacets({
        path: { collection },
        query: { field: name, filter: others, limit: mostValues },
        signal,
      }),
    `${collection}|${name}|${others}`,
  )
  if (facets === undefined) return null
  const ordered = type === 'number' || type === 'date'
  const { in: chosen = [], gte, lte } = filter[name] ?? {}
  // A range that is set stays to be seen, however few values other filters leave.
  const ranged = facets.distinct > mostValues || gte !== undefined || lte !== undefined
  if (ordered && ranged) return <RangeField name={name} date={type === 'date'} />
  const values: { value: Scalar; count: number | null }[] = [...facets.values]
  for (const value of chosen) {
    if (!values.some((one) => one.value === value)) values.push({ value, count: null })
  }
  if (values.length === 0) return null
  return (
    <fieldset class="facet">
      <legend>{name}</legend>
      {values.map(({ value, count: items }) => (
        <Chip
          key={String(value)}
          checked={chosen.includes(value)}
          onChange={() => {
            go({ filter: toggleValue(filter, name, value) })
          }}
        >
          {shown(value)}
          {items !== null && <small> {count(items)}</small>}
        </Chip>
      ))}
      {facets.distinct > mostValues && <small>and {count(facets.distinct - mostValues)} more</small>}
    </fieldset>
  )
}
