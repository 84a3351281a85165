import { useAddressBar } from '../../state/address-context.js'
import { withCondition, type Condition } from '../../state/filter.js'

const dayLength = 'YYYY-MM-DD'.length

/** A day as a date of the API: it goes to its last moment, where the day alone would be its first. */
const momentOf = (day: string, bound: 'gte' | 'lte'): string =>
  bound === 'gte' ? day : `${day}T23:59:59.999Z`

/** From and to, of a field with many numbers or dates. */
export function RangeField({ name, date }: { name: string; date: boolean }) {
  const { address, go } = useAddressBar()
  const { filter } = address
  const { gte, lte } = filter[name] ?? {}
  const change = (bound: 'gte' | 'lte', text: string) => {
    const value = text === '' ? undefined : date ? momentOf(text, bound) : Number(text)
    const from = bound === 'gte' ? value : gte
    const to = bound === 'lte' ? value : lte
    const range: Condition = {
      ...(from !== undefined && { gte: from }),
      ...(to !== undefined && { lte: to }),
    }
    go({ filter: withCondition(filter, name, range) })
  }
  const field = (bound: 'gte' | 'lte', label: string, value: string | number | undefined) => (
    <label class="field">
      {label}
      <input
        type={date ? 'date' : 'number'}
        step="any"
        value={typeof value === 'string' ? value.slice(0, dayLength) : (value ?? '')}
        onChange={(event) => {
          change(bound, event.currentTarget.value)
        }}
      />
    </label>
  )
  return (
    <fieldset class="facet">
      <legend>{name}</legend>
      {field('gte', 'from', gte)}
      {field('lte', 'to', lte)}
    </fieldset>
  )
}
