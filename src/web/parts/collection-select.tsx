import { count } from '../format/numbers.js'
import { useSession } from '../state/session.js'

/** Chooses among the collections. */
export function CollectionSelect({ chosen, onChoose }: { chosen: string; onChoose: (name: string) => void }) {
  const { collections } = useSession()
  return (
    <label class="field">
      Collection
      <select
        value={chosen}
        onChange={(event) => {
          onChoose(event.currentTarget.value)
        }}
      >
        {collections.every(({ name }) => name !== chosen) && <option value={chosen}>{chosen}</option>}
        {collections.map(({ name, counts }) => (
          <option key={name} value={name}>
            {name} ({count(counts.items)})
          </option>
        ))}
      </select>
    </label>
  )
}
